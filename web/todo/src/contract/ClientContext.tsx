import { createContext, type ReactNode, useContext } from 'react';
import type { TodoClient } from './client.ts';

const Context = createContext<TodoClient | null>(null);

export function ClientProvider({ client, children }: { readonly client: TodoClient; readonly children: ReactNode }) {
  return <Context value={client}>{children}</Context>;
}

export function useClient(): TodoClient {
  const client = useContext(Context);
  if (!client) throw new Error('useClient needs a ClientProvider above it');
  return client;
}
