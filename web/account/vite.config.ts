import { defineConfig } from 'vite';
import { pages } from '../ui/vite/pages.ts';

export default defineConfig(pages({ api: 'http://identity.localhost:8080' }));
