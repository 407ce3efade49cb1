//! The client in conversation: with a peer that lies, and with real servers.
