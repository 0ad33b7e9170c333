export const ms = (value) => (value === undefined || Number.isNaN(value) ? '–' : value >= 100 ? value.toFixed(0) : value.toFixed(1));

export const share = (value) => `${(value * 100).toFixed(1)} %`;

/** Rows of texts under each other; the first column to the left, figures to the right. */
export const print = (rows) => {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) console.log(row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  '));
};

/** What one accepted answer cost in milliseconds of CPU, part by part; null where nobody measured. */
export const cost = ({ cpu, accepted }) => {
  if (!cpu || accepted === 0) return null;
  const parts = Object.entries(cpu).filter(([name]) => name !== 'hashing');
  return {
    each: Object.fromEntries(parts.map(([name, spent]) => [name, spent / accepted])),
    total: parts.reduce((sum, [, spent]) => sum + spent, 0) / accepted,
    hash: cpu.hashing / accepted,
    hashShare: cpu.hashing / parts.reduce((sum, [, spent]) => sum + spent, 0),
  };
};

/** The costs worth a look, dearest first. */
export const told = (costs) =>
  Object.entries(costs.each)
    .filter(([, spent]) => spent >= costs.total / 100)
    .toSorted(([, one], [, other]) => other - one)
    .map(([name, spent]) => `${name} ${spent.toFixed(3)}`)
    .join(', ');
