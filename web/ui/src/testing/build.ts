import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

/** A page as it ships, in a folder that goes when it is disposed. */
export class BuiltPage {
  private constructor(private readonly folder: string) {}

  static async of(page: string): Promise<BuiltPage> {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-page-'));
    const before = process.env.NODE_ENV;
    process.env.NODE_ENV = 'production';
    await build({
      root: page,
      configFile: join(page, 'vite.config.ts'),
      logLevel: 'error',
      mode: 'production',
      build: { outDir: folder, emptyOutDir: true },
    });
    process.env.NODE_ENV = before;
    return new BuiltPage(folder);
  }

  assets = (ending: string): readonly string[] => readdirSync(join(this.folder, 'assets')).filter((name) => name.endsWith(ending));

  read = (name: string): string => readFileSync(join(this.folder, name), 'utf8');

  /** What all scripts weigh on the wire. */
  scriptBytes = (): number =>
    this.assets('.js').reduce((sum, name) => sum + gzipSync(readFileSync(join(this.folder, 'assets', name))).length, 0);

  /** What a page with a strict policy would refuse to run or load. */
  foreignParts = (): readonly string[] => {
    const html = this.read('index.html');
    const inline = [...html.matchAll(/<style|<script(?![^>]*\ssrc=)|\son\w+=|\sstyle=/g)].map(([part]) => part);
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    const css = this.assets('.css')
      .map((name) => this.read(`assets/${name}`))
      .join('\n');
    const drawn = [...css.matchAll(/url\(([^)]+)\)/g)].map((match) => match[1] ?? '');
    return [
      ...inline,
      ...loaded.filter((address) => !address.startsWith('/')),
      ...drawn.filter((address) => !/^["']?\/assets\//.test(address)),
    ];
  };

  /** Files that are kept for a year although their names do not change with them. */
  unhashed = (): readonly string[] =>
    [...this.assets('.js'), ...this.assets('.css'), ...this.assets('.woff2')].filter((name) => !/-[\w-]{8,}\.\w+$/.test(name));

  dispose = (): void => rmSync(this.folder, { recursive: true, force: true });
}
