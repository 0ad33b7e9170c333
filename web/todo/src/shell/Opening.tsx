import { Skeleton } from '@slipway/ui';

export function Opening() {
  return (
    <main className="door">
      <Skeleton lines={5} />
    </main>
  );
}
