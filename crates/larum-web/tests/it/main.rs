//! The front of a house, from outside: over real connections, with certificates that an authority of its own has signed.

mod authority;
mod door;

mod clients;
mod files;
mod passwords;
mod tls;
