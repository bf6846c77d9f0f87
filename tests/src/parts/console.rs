//! The console as its first administrator sees it, without a browser.

use super::collector::Collector;
use anyhow::{Context, Result, ensure};
use reqwest::{Client, StatusCode, header};

#[derive(Debug)]
pub struct Console {
    client: Client,
    base: String,
    cookie: String,
}

impl Console {
    /// Becomes the first administrator through the link that the collector printed.
    ///
    /// # Errors
    /// When there is no link, or it does not work.
    pub async fn set_up(collector: &Collector) -> Result<Self> {
        let said = collector.said();
        let link = said.split_whitespace().find(|word| word.contains("/setup/")).context("no link was printed")?;
        let form = "name=Sara+Lindqvist&email=sara%40provider.example&password=a+long+enough+sentence";
        let client = collector.client()?;
        let request = client.post(link).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = request.body(form).send().await?;
        ensure!(answer.status() == StatusCode::SEE_OTHER, "the link answers {}", answer.status());
        let cookie = answer.headers().get(header::SET_COOKIE).context("no session begins")?.to_str()?;
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        Ok(Self { client, base: collector.url(""), cookie })
    }

    /// Sends a form; `fields` are encoded as a browser does.
    ///
    /// # Errors
    /// When the collector does not answer, or shows the form again.
    pub async fn send(&self, path: &str, fields: &str) -> Result<()> {
        let request = self.client.post(format!("{}{path}", self.base)).header(header::COOKIE, &self.cookie);
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = request.body(fields.to_owned()).send().await?;
        ensure!(answer.status() == StatusCode::SEE_OTHER, "{path} answers {}", answer.status());
        Ok(())
    }

    /// A page's text, whatever its status.
    ///
    /// # Errors
    /// When the collector does not answer.
    pub async fn page(&self, path: &str) -> Result<(StatusCode, String)> {
        let answer =
            self.client.get(format!("{}{path}", self.base)).header(header::COOKIE, &self.cookie).send().await?;
        Ok((answer.status(), answer.text().await?))
    }
}
