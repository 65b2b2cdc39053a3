// Loaded before a program, tells the most memory that it had in use, on stderr when it ends.
process.on('exit', () => {
  process.stderr.write(`peak ${process.resourceUsage().maxRSS * 1024}\n`);
});
