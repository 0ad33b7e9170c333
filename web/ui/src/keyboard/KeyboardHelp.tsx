import { Checkbox } from '../controls/Checkbox.tsx';
import { useI18n } from '../i18n/I18n.tsx';
import { groupBy } from '../layout/groupBy.ts';
import { Dialog } from '../overlay/Dialog.tsx';
import { useKeyboard } from './Keyboard.tsx';
import { Keys } from './Keys.tsx';
import type { Binding } from './keymap.ts';

interface KeyboardHelpProps {
  readonly open: boolean;
  readonly bindings: readonly Binding[];
  readonly onClose: () => void;
}

export function KeyboardHelp({ open, bindings, onClose }: KeyboardHelpProps) {
  const { t } = useI18n();
  const { singleKeys, setSingleKeys } = useKeyboard();
  const groups = groupBy(bindings, (binding) => binding.group);
  return (
    <Dialog open={open} onClose={onClose} title={t('ui.keys.title')} size="wide">
      <div className="key-groups">
        {[...groups].map(([group, members]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl>
              {members.map((binding) => (
                <div key={binding.id}>
                  <dt>{binding.label}</dt>
                  <dd>
                    <Keys keys={binding.keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Checkbox label={t('ui.keys.single')} hint={t('ui.keys.single.hint')} checked={singleKeys} onChange={setSingleKeys} />
    </Dialog>
  );
}
