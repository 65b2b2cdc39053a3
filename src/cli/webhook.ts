import { Command, Option } from 'commander';

interface RemoveFlags {
  readonly name: string;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** An API server that restarts is back by then. */
const PATIENCE = { patienceMs: 30_000, pauseMs: 2000 };

export function webhookCommand(): Command {
  const remove = new Command('remove')
    .description('Delete the webhook configuration; fine if there is none.')
    .addOption(
      new Option('--name <name>', 'the ValidatingWebhookConfiguration')
        .env('HUSHGATE_WEBHOOK_NAME')
        .makeOptionMandatory(),
    )
    .option('--kubeconfig <file>', 'kubeconfig file, outside a cluster')
    .option('--context <name>', 'context of the kubeconfig file')
    .addHelpText(
      'after',
      `
Run it before the server goes: with failurePolicy Fail, a configuration that stays behind refuses
everything it matches.

Example:
  hushgate webhook remove --name hushgate`,
    )
    .action(run);
  return new Command('webhook')
    .description("Manage the webhook's registration with the API server.")
    .addCommand(remove.exitOverride());
}

async function run({ name, ...where }: RemoveFlags): Promise<void> {
  const [{ connect }, { removeWebhook }] = await Promise.all([
    import('../cluster/client.ts'),
    import('../cluster/webhook.ts'),
  ]);
  const removed = await removeWebhook(await connect(where), name, PATIENCE);
  const end = removed ? 'deleted' : 'not found, nothing to do';
  process.stdout.write(`validatingwebhookconfiguration/${name} ${end}\n`);
}
