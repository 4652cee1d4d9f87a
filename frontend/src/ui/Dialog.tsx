import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";

/** A modal question. Focus goes in, stays in, and returns to where it came from. */
export function Dialog({
  open,
  onClose,
  title,
  children,
  actions,
  wide = false,
}: {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  actions: ReactNode;
  wide?: boolean;
}) {
  return (
    <ModalOverlay
      isOpen={open}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      isDismissable
      className="fixed inset-0 z-50 grid place-items-center overflow-y-auto bg-[rgb(8_12_24/0.5)] p-4 backdrop-blur-[2px]"
    >
      <Modal className={`pop w-full ${wide ? "max-w-2xl" : "max-w-md"}`}>
        <AriaDialog className="card p-6 shadow-pop outline-none">
          <Heading slot="title" className="font-serif text-xl font-medium">
            {title}
          </Heading>
          <div className="mt-3 text-ink-2">{children}</div>
          <div className="mt-6 flex flex-wrap justify-end gap-2">{actions}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
