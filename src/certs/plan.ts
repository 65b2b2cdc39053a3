// Which step a renewal takes next. Pure: the Secret, the caBundles and the time decide alone, so any
// replica can take any step, and one that stops halfway is carried on by the next that looks.
import type { Authority } from './authorities.ts';
import type { Stored, StoredPair } from './stored.ts';

/** The caBundle of every entry of the webhook configuration. */
export interface Bundles {
  readonly entries: readonly (readonly Authority[])[];
  /** When a CA was last added, in ms since 1970; kept beside the bundles and written with them. */
  readonly addedAt?: number;
}

export interface Situation {
  readonly stored: Stored;
  readonly bundles: Bundles;
  /** In ms since 1970. */
  readonly now: number;
  /** How long a new certificate lives, in ms. */
  readonly life: number;
}

export type Step =
  /** Make a pair and keep it as the next one. */
  | { readonly do: 'issue'; readonly keep: Omit<Stored, 'problems' | 'next'> }
  /** Write these caBundles, PEM texts in the order of the entries. */
  | { readonly do: 'publish'; readonly bundles: readonly string[]; readonly addedAt: number }
  /** The next pair becomes the current one. */
  | { readonly do: 'switch'; readonly to: Omit<Stored, 'problems' | 'next'> }
  | { readonly do: 'wait' };

/**
 * How long a CA stands in the bundle before a certificate of it is served, in ms: all API servers have
 * it by then. A third of what is left of the old certificate's life when it is renewed, at most a minute.
 */
export function propagationDelay(life: number): number {
  return Math.min(60_000, life / 9);
}

/** The next step; `wait` when there is nothing to do for now. */
export function nextStep(situation: Situation): Step {
  const { stored, now, life } = situation;
  const current = unexpired(stored.current, now);
  const next = stored.next !== undefined && !isDue(stored.next, now, life) ? stored.next : undefined;
  const previous = stored.previous.filter(({ expires }) => now < expires);
  const { switchedAt } = stored;
  const kept = {
    ...(current === undefined ? {} : { current }),
    previous,
    ...(switchedAt === undefined ? {} : { switchedAt }),
  };
  if (next === undefined && (current === undefined || isDue(current, now, life))) {
    return { do: 'issue', keep: kept };
  }
  const ours = [current?.ca, next?.ca, ...previous].filter((ca) => ca !== undefined);
  const publish = publication(situation, ours, current);
  if (publish !== undefined) return publish;
  if (next !== undefined && maySwitch(situation, ours, current)) {
    const replaced = current === undefined ? [] : [current.ca];
    const to = { current: next, previous: [...replaced, ...previous], switchedAt: now };
    return { do: 'switch', to };
  }
  return { do: 'wait' };
}

/** Two thirds of its life have passed, of the life now wanted if that is shorter; or it lacks a name. */
function isDue({ issued, expires, covers }: StoredPair, now: number, life: number): boolean {
  return !covers || now >= issued + (Math.min(life, expires - issued) * 2) / 3;
}

function unexpired(pair: StoredPair | undefined, now: number): StoredPair | undefined {
  return pair !== undefined && now < pair.expires ? pair : undefined;
}

function publication(
  situation: Situation,
  ours: readonly Authority[],
  current: StoredPair | undefined,
): Step | undefined {
  const { bundles, now } = situation;
  const stamp = addedAt(situation);
  const keepsOthers = current === undefined || !isSettled(situation, current);
  const wanted = bundles.entries.map((entry) =>
    merge(ours, keepsOthers ? entry.filter(({ expires }) => now < expires) : []),
  );
  const lacks = bundles.entries.some((entry) => ours.some((ca) => !has(entry, ca)));
  const hasMore = bundles.entries.some((entry, index) =>
    entry.some((ca) => wanted[index]?.includes(ca.pem) !== true),
  );
  if (!lacks && !hasMore && stamp !== undefined) return undefined;
  const since = lacks || stamp === undefined ? now : stamp;
  return { do: 'publish', bundles: wanted.map((pems) => pems.join('')), addedAt: since };
}

/** Long enough trusted and served that every replica has it: a CA of another's is no longer needed. */
function isSettled(situation: Situation, current: StoredPair): boolean {
  const { bundles, stored, now, life } = situation;
  const stamp = addedAt(situation);
  if (stamp === undefined || !holdsCa(bundles, current.ca)) return false;
  // A time in the future is not one that was written here.
  const { switchedAt = stamp } = stored;
  const since = switchedAt > now + propagationDelay(life) ? stamp : Math.max(stamp, switchedAt);
  return now >= since + 3 * propagationDelay(life);
}

/**
 * Not before every API server trusts it, unless nobody serves anything: a CA in the bundle that is not
 * of the Secret may be that of a certificate which replicas hold in memory.
 */
function maySwitch(
  situation: Situation,
  ours: readonly Authority[],
  current: StoredPair | undefined,
): boolean {
  const { bundles, now, life } = situation;
  const mayBeServing =
    current !== undefined ||
    bundles.entries.some((entry) => entry.some((ca) => !has(ours, ca) && now < ca.expires));
  return !mayBeServing || now >= (addedAt(situation) ?? now) + propagationDelay(life);
}

/** Undefined as well where it lies in the future: somebody's clock, or hand, was wrong. */
function addedAt({ bundles, now, life }: Situation): number | undefined {
  const { addedAt: stamp } = bundles;
  return stamp !== undefined && stamp <= now + propagationDelay(life) ? stamp : undefined;
}

const has = (authorities: readonly Authority[], { pem }: Authority): boolean =>
  authorities.some((authority) => authority.pem === pem);

const merge = (...lists: readonly (readonly Authority[])[]): readonly string[] => [
  ...new Set(lists.flat().map(({ pem }) => pem)),
];

/** Every entry trusts this CA. */
export function holdsCa({ entries }: Bundles, ca: Authority): boolean {
  return entries.every((entry) => has(entry, ca));
}

/**
 * The pair that a replica is to serve now, given what it serves. While that is valid, another one is
 * taken only when all API servers trust it; with nothing to lose, at once.
 */
export function pairToServe(
  situation: Situation,
  serving: StoredPair | undefined,
): StoredPair | undefined {
  const { stored, bundles, now, life } = situation;
  const { current } = stored;
  if (current === undefined || now >= current.expires) return serving;
  if (unexpired(serving, now) === undefined) return current;
  const stamp = addedAt(situation);
  const known = stamp !== undefined && now >= stamp + propagationDelay(life);
  return known && holdsCa(bundles, current.ca) ? current : serving;
}
