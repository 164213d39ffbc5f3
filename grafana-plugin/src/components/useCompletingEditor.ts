import type { Monaco, MonacoEditor } from '@grafana/ui';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { CompletionSources } from '../code/completeCode';
import { registerCompletion } from '../code/language';

/** The code editor, once it is there. */
export interface MountedEditor {
  editor: MonacoEditor;
  monaco: Monaco;
}

/** Offers completions in a code editor while it is mounted. @param sources may be others at each rendering */
export function useCompletingEditor(sources: CompletionSources) {
  const [mounted, setMounted] = useState<MountedEditor>();
  const latest = useRef(sources);
  useEffect(() => {
    latest.current = sources;
  });
  useEffect(() => {
    const model = mounted?.editor.getModel();
    if (!mounted || !model) {
      return undefined;
    }
    const completion = registerCompletion(mounted.monaco, model, () => latest.current);
    const leaving = leaveByTab(mounted);
    return () => {
      completion.dispose();
      leaving.dispose();
    };
  }, [mounted]);
  const mount = useCallback((editor: MonacoEditor, monaco: Monaco) => setMounted({ editor, monaco }), []);
  return { mounted, mount };
}

/** Tab takes a completion where one is offered, and else goes on to the next field: nobody is held in the text. */
function leaveByTab({ editor, monaco }: MountedEditor) {
  return editor.onKeyDown((event) => {
    const isOffered = editor.getDomNode()?.querySelector('.suggest-widget.visible');
    if (event.keyCode === monaco.KeyCode.Tab && !isOffered) {
      event.stopPropagation();
    }
  });
}
