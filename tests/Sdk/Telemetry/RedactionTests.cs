using Slipway.Sdk.Telemetry;

namespace Slipway.Sdk.Tests.Telemetry;

public sealed class RedactionTests
{
    [Theory]
    [InlineData("password", true)]
    [InlineData("newPassword", true)]
    [InlineData("access_token", true)]
    [InlineData("client-secret", true)]
    [InlineData("Authorization", true)]
    [InlineData("Set-Cookie", true)]
    [InlineData("apiKey", true)]
    [InlineData("X-Api-Key", true)]
    [InlineData("code", true)]
    [InlineData("totpCode", true)]
    [InlineData("statusCode", false)]
    [InlineData("http.response.status_code", false)]
    [InlineData("errorCode", false)]
    [InlineData("tokens", false)]
    [InlineData("todo", false)]
    public void Values_are_secret_by_their_name(string name, bool secret) => Assert.Equal(secret, Redaction.IsSecret(name));

    [Theory]
    [InlineData("sent Authorization: Bearer abcdefghijkl.mnop", "sent Authorization: Bearer ***")]
    [InlineData("key slp_live_01_AbCdEf0123456789 used", "key *** used")]
    [InlineData("token eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UifQ.DtEhU3ljbEg8 seen", "token *** seen")]
    [InlineData("postgres://todo:hunter2@db:5432/todo", "postgres://todo:***@db:5432/todo")]
    [InlineData("Host=db;Username=todo;Password=hunter2;Pooling=true", "Host=db;Username=todo;Password=***;Pooling=true")]
    [InlineData("""{"password":"hunter2","name":"x"}""", """{"password":"***","name":"x"}""")]
    [InlineData("GET /callback?code=abc123&state=x", "GET /callback?code=***&state=x")]
    [InlineData("Cookie: __Host-session=abc; other=1", "Cookie: ***")]
    [InlineData("status code 404 for http://todo.localhost:8080/x", "status code 404 for http://todo.localhost:8080/x")]
    [InlineData("nothing to see", "nothing to see")]
    public void Texts_lose_what_looks_like_a_credential(string text, string scrubbed) => Assert.Equal(scrubbed, Redaction.Scrub(text));
}
