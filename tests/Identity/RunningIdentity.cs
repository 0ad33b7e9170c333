using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Identity.Tests;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Service;

[assembly: AssemblyFixture(typeof(TestPostgres))]

namespace Slipway.Identity.Tests;

/// <summary>The identity service on a database of its own, with cheap hashes so that tests spend their time on what they test.</summary>
public sealed partial class RunningIdentity : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    private static int s_people;

    private readonly string _spool;

    private RunningIdentity(RunningService service, TestDatabase database, string spool, IReadOnlyDictionary<string, string?> environment) =>
        (Service, Database, _spool, Environment) = (service, database, spool, environment);

    public RunningService Service { get; }

    public TestDatabase Database { get; }

    public IReadOnlyDictionary<string, string?> Environment { get; }

    public HttpClient Client => Service.Client;

    public static async Task<RunningIdentity> StartAsync(TestPostgres postgres, TimeProvider? time = null, params (string Name, string Value)[] settings)
    {
        var database = await postgres.DatabaseAsync();
        var environment = new Dictionary<string, string?>(database.Environment)
        {
            ["IDENTITY_MASTER_KEY"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["SESSION_KEY"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            ["BCRYPT_ROUNDS"] = "4",
            ["RETAIL_BCRYPT_ROUNDS"] = "4",
            ["HASH_WORKERS"] = "2",
            ["KEY_LEAD_SECONDS"] = "60",
            ["LOG_LEVEL"] = "error",
        };
        var identity = await StartAsync(database, environment, time, settings);
        await identity.Service.UntilReadyAsync();
        return identity;
    }

    /// <summary>A further instance beside this one: same database, same keys.</summary>
    public Task<RunningIdentity> AnotherAsync(TimeProvider? time = null, params (string Name, string Value)[] settings) =>
        StartAsync(Database, Environment, time, settings);

    /// <summary>An address nobody else in this process uses.</summary>
    public static string NewEmail(string name = "ada") => $"{name}{Interlocked.Increment(ref s_people)}@example.org";

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, object? body = null, string? bearer = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body as string ?? ((JsonNode)body).ToJsonString(), Encoding.UTF8, "application/json");
        }

        if (bearer is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request);
    }

    public async Task<JsonObject> JsonAsync(HttpStatusCode expected, HttpMethod method, string path, object? body = null, string? bearer = null, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(method, path, body, bearer, headers);
        return await JsonAsync(response, expected);
    }

    public static async Task<JsonObject> JsonAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(expected == response.StatusCode, $"{(int)response.StatusCode} instead of {(int)expected}: {text}");
        return text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject();
    }

    public static JsonObject Credentials(string email, string password = Password) => new() { ["email"] = email, ["password"] = password };

    /// <summary>A new account through the Todo surface; the answer with its tokens.</summary>
    public Task<JsonObject> RegisterAsync(string email, string password = Password) =>
        JsonAsync(HttpStatusCode.Created, HttpMethod.Post, "/auth/register", Credentials(email, password));

    public Task<HttpResponseMessage> LoginAsync(string email, string password = Password) =>
        SendAsync(HttpMethod.Post, "/auth/login", Credentials(email, password));

    public async Task<JsonObject> SignInAsync(string email, string password = Password)
    {
        using var response = await LoginAsync(email, password);
        return await JsonAsync(response, HttpStatusCode.OK);
    }

    /// <summary>The text of the newest mail to an address, waiting until it is there.</summary>
    public async Task<string> MailAsync(string to, string subject)
    {
        string? found = null;
        await Eventually.HoldsAsync($"mail \"{subject}\" to {to}", () => (found = Mails(to).LastOrDefault(mail => mail.Subject == subject)?.Text) is not null);
        return found!;
    }

    public IReadOnlyList<SpooledMail> Mails(string to) => !Directory.Exists(_spool) ? [] :
        [.. Directory.GetFiles(_spool, "*.eml").Order(StringComparer.Ordinal).Select(path => SpooledMail.Read(File.ReadAllText(path))).Where(mail => mail.To == to)];

    public static string TokenIn(string mail) => TokenOfLink().Match(mail).Groups[1].Value;

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        if (Directory.Exists(_spool))
        {
            Directory.Delete(_spool, recursive: true);
        }
    }

    private static async Task<RunningIdentity> StartAsync(
        TestDatabase database, IReadOnlyDictionary<string, string?> environment, TimeProvider? time, (string Name, string Value)[] settings)
    {
        var spool = Path.Combine(Path.GetTempPath(), $"identity-mail-{Guid.NewGuid():N}");
        var own = new Dictionary<string, string?>(environment) { ["MAIL_SPOOL"] = spool };
        foreach (var (name, value) in settings)
        {
            own[name] = value;
        }

        var service = await RunningService.StartAsync(
            args => IdentityService.Create(args, options =>
            {
                options.Environment = _ => null;
                options.Time = time ?? options.Time;
            }),
            IdentityService.Map,
            own);
        return new RunningIdentity(service, database, spool, own);
    }

    [GeneratedRegex(@"[?&]token=([A-Za-z0-9_-]{43})")]
    private static partial Regex TokenOfLink();
}

/// <summary>A mail from the spool folder.</summary>
public sealed record SpooledMail(string To, string Subject, string Text)
{
    public static SpooledMail Read(string raw)
    {
        var headers = raw.Split("\r\n\r\n", 2)[0].Replace("\r\n ", "", StringComparison.Ordinal).Split("\r\n");
        var body = raw.Split("Content-Transfer-Encoding: base64\r\n\r\n", 2)[1].Split("--=_", 2)[0];
        return new SpooledMail(
            Header(headers, "To").Trim('<', '>'), Decoded(Header(headers, "Subject")), Encoding.UTF8.GetString(Convert.FromBase64String(body)));
    }

    private static string Header(string[] headers, string name) =>
        headers.First(line => line.StartsWith(name + ": ", StringComparison.Ordinal))[(name.Length + 2)..];

    private static string Decoded(string subject) => string.Concat(
        subject.Split("=?utf-8?B?").Select((part, index) => index == 0 ? part : Encoding.UTF8.GetString(Convert.FromBase64String(part.Split("?=")[0]))));
}
