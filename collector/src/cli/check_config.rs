//! `check-config`

use crate::config::{Config, MailMode};

pub(super) fn run(config: &Config) -> anyhow::Result<()> {
    config.check()?;
    let server = &config.server;
    println!("The configuration can be used.");
    println!("  listens on    {}{}", server.listen, if server.https { " (https)" } else { " (plain http)" });
    println!("  reached at    {}", server.base_url());
    println!("  state in      {}", server.state.display());
    println!("  database      {}", without_password(&config.database_url()));
    let mail = match config.mail.mode {
        MailMode::Off => "is off: statements and tickets wait in the outbox".to_owned(),
        MailMode::Files => format!("becomes files in {}", server.state.join(&config.mail.folder).display()),
        MailMode::Smtp => format!("goes through {}:{}", config.mail.smtp.host, config.mail.smtp.port),
    };
    println!("  mail          {mail}");
    Ok(())
}

fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let Some((who, place)) = rest.rsplit_once('@') else { return url.to_owned() };
    let user = who.split(':').next().unwrap_or_default();
    format!("{scheme}://{user}@{place}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_password_in_the_database_url_is_not_printed() {
        assert_eq!(super::without_password("postgres://me:p@ss@db/name"), "postgres://me@db/name");
        assert_eq!(super::without_password("sqlite:///x.db"), "sqlite:///x.db");
    }
}
