interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Whether something runs in a cluster, where there are no lines. */
export function isLive({ file }: Pick<Place, 'file'>): boolean {
  return file.startsWith('cluster:');
}

/** `deploy/web.yaml:9:33`, or the name of what runs. */
export function placeText(place: Place): string {
  const { file, line, column } = place;
  return isLive(place) ? file : `${file}:${line}:${column}`;
}
