import type { Product } from '../wire/types.ts';

const tints = 6;

/** The product's picture, or, until its vendor has one, a still life made from its name: the same each time, and never the same as its neighbour's. */
export function ProductArt({
  product,
  large,
}: {
  readonly product: Pick<Product, 'id' | 'name' | 'category' | 'image'>;
  readonly large?: boolean;
}) {
  const seed = hash(product.id + product.name);
  const tint = hash(product.category) % tints;
  if (product.image) {
    return (
      <span className="art" data-tint={tint}>
        <img src={product.image} alt="" loading={large ? 'eager' : 'lazy'} decoding="async" width={480} height={480} />
      </span>
    );
  }
  const turn = seed % 360;
  const size = 26 + (seed % 14);
  return (
    <span className="art" data-tint={tint}>
      <svg viewBox="0 0 120 120" aria-hidden="true" focusable="false">
        <circle cx={60 + ((seed >> 3) % 24) - 12} cy={52} r={size} className="art-sun" />
        <path d={`M0 ${84 + (seed % 6)} q30 -${10 + (seed % 12)} 60 0 t60 0 V120 H0 Z`} className="art-sea" />
        <g transform={`rotate(${turn % 24} 60 66)`}>{shapes[(seed >> 5) % shapes.length]}</g>
      </svg>
    </span>
  );
}

const shapes = [
  <path key="cup" d="M44 52h30v22a13 13 0 01-13 13h-4a13 13 0 01-13-13zM74 57h5a7 7 0 010 14h-5" className="art-thing" />,
  <path key="bowl" d="M34 60h52a26 26 0 01-52 0z" className="art-thing" />,
  <path key="bag" d="M42 56h36l5 34H37zM50 56v-4a10 10 0 0120 0v4" className="art-thing" />,
  <path key="lamp" d="M48 44h24l9 22H39zM60 66v22M48 88h24" className="art-thing" />,
  <path key="book" d="M40 46h18q4 0 4 4v40q0-4-4-4H40zM84 46H66q-4 0-4 4v40q0-4 4-4h18z" className="art-thing" />,
  <path key="vase" d="M54 42h12v10q12 8 12 20a18 18 0 01-36 0q0-12 12-20z" className="art-thing" />,
];

function hash(given: string): number {
  let value = 2166136261;
  for (let at = 0; at < given.length; at++) value = Math.imul(value ^ given.charCodeAt(at), 16777619);
  return value >>> 0;
}
