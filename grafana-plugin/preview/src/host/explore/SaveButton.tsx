import { Alert, Button, Field, Input, Modal, ToolbarButton } from '@grafana/ui';
import { useState } from 'react';

interface Props {
  /** What it could be called. */
  suggestion: string;
  /** @throws {Error} saying why it can't be saved */
  onSave: (title: string) => void;
}

/** Saves a query under a name, in this browser. */
export function SaveButton({ suggestion, onSave }: Props) {
  const [title, setTitle] = useState<string>();
  const [failure, setFailure] = useState<string>();
  const close = () => setTitle(undefined);
  const save = () => {
    try {
      onSave((title ?? '').trim());
      close();
    } catch (error) {
      setFailure((error as Error).message);
    }
  };
  return (
    <>
      <ToolbarButton
        icon="save"
        variant="canvas"
        aria-label="Save query"
        onClick={() => setTitle(suggestion)}
      >
        Save query
      </ToolbarButton>
      <Modal title="Save query" isOpen={title !== undefined} onDismiss={close}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <Field
            label="Name"
            description="It is kept in this browser alone; the address of this page has the query too."
            noMargin
          >
            <Input
              id="save-query-name"
              value={title ?? ''}
              onChange={({ currentTarget }) => setTitle(currentTarget.value)}
              autoFocus
            />
          </Field>
          {failure && <Alert title={failure} topSpacing={2} />}
          <Modal.ButtonRow>
            <Button variant="secondary" fill="outline" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" disabled={(title ?? '').trim() === ''}>
              Save
            </Button>
          </Modal.ButtonRow>
        </form>
      </Modal>
    </>
  );
}
