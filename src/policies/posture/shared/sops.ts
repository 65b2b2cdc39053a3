/** A value that SOPS has encrypted. @see https://getsops.io/docs/#encryption-protocol */
export function isSopsValue(text: string): boolean {
  return text.startsWith('ENC[AES256_GCM,') && text.endsWith(']');
}
