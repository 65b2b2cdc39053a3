/**
 * Milliseconds of CPU time that an action takes in this process: unlike the time on the clock, it does
 * not grow with what else the machine does.
 */
export function cpuMs(action: () => void): number {
  const start = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
