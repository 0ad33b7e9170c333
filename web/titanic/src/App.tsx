import { type Route, Routes } from '@slipway/ui';
import { PeoplePage } from './people/PeoplePage.tsx';
import { PersonPage } from './person/PersonPage.tsx';
import { NotFound } from './shell/NotFound.tsx';
import { Shell } from './shell/Shell.tsx';
import { SurvivalPage } from './survival/SurvivalPage.tsx';

const routes: readonly Route[] = [
  { path: '/', render: () => <PeoplePage /> },
  { path: '/passengers/:id', render: ({ id = '' }) => <PersonPage id={id} key={id} /> },
  { path: '/survival', render: () => <SurvivalPage /> },
  { path: '*', render: () => <NotFound /> },
];

export function App() {
  return (
    <Shell>
      <Routes routes={routes} />
    </Shell>
  );
}
