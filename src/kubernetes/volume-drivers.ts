/** Where a volume of some type refers to a Secret. */
interface Driver {
  /** The keys that lead from the volume's source to the reference. */
  readonly reference: readonly string[];
  /** The key of the Secret's name in it. */
  readonly nameKey: string;
}

const login: Driver = { reference: ['secretRef'], nameKey: 'name' };

/** Volume types that log in with a Secret, by their key in the volume. */
export const DRIVERS: ReadonlyMap<string, Driver> = new Map([
  ['azureFile', { reference: [], nameKey: 'secretName' }],
  ['cephfs', login],
  ['cinder', login],
  ['csi', { reference: ['nodePublishSecretRef'], nameKey: 'name' }],
  ['flexVolume', login],
  ['iscsi', login],
  ['rbd', login],
  ['scaleIO', login],
  ['storageos', login],
]);
