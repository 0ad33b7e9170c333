import { Icon, type IconName, useI18n } from '@slipway/ui';
import type { Stage } from './stages.ts';

const icons: Readonly<Record<Stage['name'], IconName>> = {
  placed: 'list',
  reserved: 'box',
  paid: 'card',
  confirmed: 'check',
  shipped: 'truck',
  delivered: 'inbox',
};

export function Stages({ stages }: { readonly stages: readonly Stage[] }) {
  const { t } = useI18n();
  return (
    <ol className="stages">
      {stages.map(({ name, state }) => (
        <li key={name} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
          <span className="stage-mark">
            <Icon name={state === 'failed' ? 'close' : state === 'done' ? 'check' : icons[name]} size={18} />
          </span>
          <span className="stage-name">
            {t(`shop.stage.${name}`)}
            <span className="sr-only"> {t(`shop.stage.state.${state}`)}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}
