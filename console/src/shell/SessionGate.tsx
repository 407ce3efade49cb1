import { Center, Loader, Modal, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";

import { listenForSessionEnd } from "../api/client";
import { asProblem } from "../api/problem";
import { sessionQuery } from "../api/session";
import { ErrorState } from "../components/ErrorState";
import { FirstPassword } from "../pages/login/FirstPassword";
import { LogIn } from "../pages/login/LogIn";
import { LogInForm } from "../pages/login/LogInForm";

/**
 * Lets the page through when somebody is logged in and has an own password.
 *
 * The login stands in place of the page and does not move the address, so that one is where one
 * wanted to be afterwards. A session that ends while a page is open is asked for above the page:
 * what was typed there is kept.
 */
export function SessionGate({ children }: { children: ReactNode }) {
  const session = useQuery(sessionQuery);
  const [ended, setEnded] = useState(false);
  const [typed, setTyped] = useState<string>();
  useEffect(() => listenForSessionEnd(() => setEnded(true)), []);

  if (session.isPending) return <Splash />;
  if (session.data === undefined) {
    return (
      <Center mih="100dvh" p="md">
        <ErrorState problem={asProblem(session.error)} onRetry={() => void session.refetch()} />
      </Center>
    );
  }
  if (session.data === null) return <LogIn onDone={setTyped} />;
  if (session.data.must_change_password) return <FirstPassword name={session.data.user.name} known={typed} />;
  return (
    <>
      {children}
      <Modal opened={ended} onClose={() => undefined} withCloseButton={false} title="Your session has ended" centered>
        <Text size="sm" c="dimmed" mb="md">
          Log in to go on. What you typed on this page is kept.
        </Text>
        <LogInForm name={session.data.user.name} onDone={() => setEnded(false)} />
      </Modal>
    </>
  );
}

/** While it is not known yet what to draw. */
export function Splash() {
  return (
    <Center mih="100dvh">
      <Loader type="dots" aria-label="Loading" />
    </Center>
  );
}
