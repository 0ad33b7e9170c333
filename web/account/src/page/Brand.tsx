/** The mark of the product: a slipway with a hull on it. */
export function Brand() {
  return (
    <span className="brand">
      <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <rect width="32" height="32" rx="8" fill="var(--accent)" />
        <path
          d="M7 21.5h18M9.500 21.500L22 9.500v12"
          fill="none"
          stroke="var(--on-accent)"
          strokeWidth="2.400"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      Slipway
    </span>
  );
}
