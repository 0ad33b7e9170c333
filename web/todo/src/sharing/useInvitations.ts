import { useEffect, useState } from 'react';
import { useClient } from '../contract/ClientContext.tsx';
import type { Invitation } from '../contract/types.ts';
import { useTodoState } from '../store/StoreContext.tsx';

/** Invitations waiting for this person. Without an answer there are simply none to show. */
export function useInvitations(): readonly Invitation[] {
  const client = useClient();
  const { sharingTurn } = useTodoState();
  const [invitations, setInvitations] = useState<readonly Invitation[]>([]);
  useEffect(() => {
    let gone = false;
    client.invitations().then(
      (reply) => !gone && setInvitations(reply.items),
      () => {},
    );
    return () => {
      gone = true;
    };
    // The turn grows when somebody invites.
  }, [client, sharingTurn]);
  return invitations;
}
