/** kubeconfig, prod.kubeconfig, kubeconfig-prod, .kube/config: names without an ending that tells of YAML. */
const NAME = /(?:^|[/\\])(?:[\w.-]*kubeconfig[\w-]*|\.kube[/\\]config)$/;

/** Whether a file is by its name what clients log in with. */
export function isKubeconfigName(file: string): boolean {
  return NAME.test(file);
}

/** Whether a text is a kubeconfig, and no program or note of such a name. */
export function isKubeconfig(text: string): boolean {
  return /(?:^|[{,])[ \t]*["']?kind["']?[ \t]*:[ \t]*["']?Config["']?[ \t]*[,}#\r]?$|"kind":"Config"[,}]/m.test(
    text,
  );
}
