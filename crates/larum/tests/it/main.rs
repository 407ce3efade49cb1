//! The real binary, from outside: started, talked to over HTTP, killed, and started again, with a Slack sandbox and
//! other real programs around it.

mod house;
mod larum;
mod peers;
mod sink;

mod alertmanager;
mod backup;
mod bench;
mod bad_input;
mod deploy;
mod differential;
mod drop_in;
mod full_disk;
mod given_up;
mod hanging;
mod https;
mod import;
mod killed;
mod lanes;
mod metrics_source;
mod prometheus;
mod prometheus_api;
mod promqltest;
mod refusals;
mod reloading;
mod rule_files;
mod said_anew;
mod stand_in;
mod webhook;
mod why;
