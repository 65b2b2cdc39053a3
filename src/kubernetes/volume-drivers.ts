/**
 * Volume types that log in with a Secret: the place of the reference in the volume, and the key of the
 * Secret's name in it.
 */
export const DRIVERS: readonly (readonly [readonly [string, ...string[]], string])[] = [
  [['azureFile'], 'secretName'],
  [['cephfs', 'secretRef'], 'name'],
  [['cinder', 'secretRef'], 'name'],
  [['csi', 'nodePublishSecretRef'], 'name'],
  [['flexVolume', 'secretRef'], 'name'],
  [['iscsi', 'secretRef'], 'name'],
  [['rbd', 'secretRef'], 'name'],
  [['scaleIO', 'secretRef'], 'name'],
  [['storageos', 'secretRef'], 'name'],
];
