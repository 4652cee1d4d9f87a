import { useEffect, useState } from "react";
import { useLocation, useNavigate } from "react-router";

/**
 * What a mailed link carries behind its `#`. It is taken out of the address bar at once, so that it
 * stays neither in the history nor in a screenshot.
 */
export function useHashSecret(): string {
  const { hash, pathname, search } = useLocation();
  const navigate = useNavigate();
  const [secret, setSecret] = useState(hash.slice(1).trim());
  useEffect(() => {
    if (!hash) return;
    setSecret(hash.slice(1).trim());
    void navigate(pathname + search, { replace: true, preventScrollReset: true });
  }, [hash, pathname, search, navigate]);
  return secret;
}
