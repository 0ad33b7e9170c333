using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Retail.Contracts;
using Retail.Payments;
using Retail.Sandbox;
using Slipway.RetailPayments.Tests.Scenes;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Hosting.Conformance;

[assembly: AssemblyFixture(typeof(TestPostgres))]
[assembly: AssemblyFixture(typeof(Identity))]
[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]

namespace Slipway.RetailPayments.Tests.Scenes;

/// <summary>Signs tokens for the whole assembly.</summary>
public sealed class Identity : IAsyncLifetime
{
    public TestIssuer Issuer { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Issuer = await TestIssuer.StartAsync();

    public ValueTask DisposeAsync() => Issuer.DisposeAsync();
}

/// <summary>Payments and the bank, each with a database of its own, and wires between them that can be cut; one per test class.</summary>
public sealed class ShopScene(TestPostgres postgres, Identity identity) : IAsyncLifetime
{
    public const string Read = "retail.payments:read";
    public const string Write = "retail.payments:write";
    public const string ProviderKey = "bank-key-of-the-tests-0001";

    public static readonly byte[] WebhookSecret = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    public static readonly byte[] PreviousSecret = [.. Enumerable.Range(50, 32).Select(i => (byte)i)];

    public TestDatabase Database { get; private set; } = null!;

    public TestDatabase BankDatabase { get; private set; } = null!;

    public RunningService Payments { get; private set; } = null!;

    public RunningService Bank { get; private set; } = null!;

    public ProviderLine Line { get; private set; } = null!;

    public WebhookLine Webhooks { get; private set; } = null!;

    public EventBus Bus { get; private set; } = null!;

    public TestIssuer Issuer => identity.Issuer;

    public async ValueTask InitializeAsync()
    {
        Database = await postgres.DatabaseAsync();
        BankDatabase = await postgres.DatabaseAsync();
        Bus = await EventBus.StartAsync();
        Webhooks = await WebhookLine.StartAsync();
        Bank = await (await RunningService.StartAsync(SandboxService.Create, SandboxService.Map, BankEnvironment(Webhooks.Address))).UntilReadyAsync();
        Line = await ProviderLine.StartAsync(Bank.Address);
        Payments = await (await RunningService.StartAsync(PaymentsService.Create, PaymentsService.Map, Environment())).UntilReadyAsync();
        Webhooks.Receiver = Payments.Address;
    }

    /// <summary>Ends the service of this process, for a test that starts and kills processes on the same database.</summary>
    public async Task OnlyProcessesAsync()
    {
        await Payments.DisposeAsync();
        Payments = null!;
    }

    public Dictionary<string, string?> BankEnvironment(Uri webhooks) => new(BankDatabase.Environment)
    {
        ["LIMITS"] = "off",
        ["PROVIDER_KEY"] = ProviderKey,
        ["WEBHOOK_SECRET"] = Convert.ToBase64String(WebhookSecret),
        ["PAYMENTS_URL"] = webhooks.GetLeftPart(UriPartial.Authority),
        ["LATE_ANSWER_SECONDS"] = "20",
        ["DECIDE_LATER_SECONDS"] = "0.3",
        ["LOOK_MS"] = "50",
        ["WEBHOOK_RETRY_MS"] = "100",
    };

    public Dictionary<string, string?> Environment(params (string Name, string Value)[] settings)
    {
        var environment = Database.Environment.Concat(Issuer.Environment).ToDictionary();
        environment["LIMITS"] = "off";
        environment["CURSOR_KEY"] = Convert.ToBase64String(new byte[32]);
        environment["PROVIDER_KEY"] = ProviderKey;
        environment["PROVIDER_URL"] = Line.Address.GetLeftPart(UriPartial.Authority);
        environment["PROVIDER_TIMEOUT_MS"] = "1500";
        environment["PROVIDER_RETRY_MS"] = "100";
        environment["SWEEP_MS"] = "200";
        environment["CALL_BREAKER_RESET_MS"] = "500";
        environment["CALL_RETRY_BASE_MS"] = "20";
        environment["WEBHOOK_SECRET"] = Convert.ToBase64String(WebhookSecret);
        environment["WEBHOOK_SECRET_PREVIOUS"] = Convert.ToBase64String(PreviousSecret);
        environment["SLIPWAY_EVENTS"] = Bus.Address.GetLeftPart(UriPartial.Authority);
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        return environment;
    }

    public Person Admin(bool secondFactor = true) => Person(Guid.CreateVersion7(), ["admin"], secondFactor ? ["pwd", "otp"] : ["pwd"], Read, Write);

    public Person Customer(Guid? id = null) => Person(id ?? Guid.CreateVersion7(), ["customer"], ["pwd"], Read, Write);

    public Person Person(Guid id, string[] roles, string[] methods, params string[] scopes)
    {
        var client = Payments.NewClient();
        var token = Issuer.Token("retail", id, scopes, roles, change: claims => claims["amr"] = new System.Text.Json.Nodes.JsonArray([.. methods.Select(method => (System.Text.Json.Nodes.JsonNode)method)]));
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new Person(id, client);
    }

    /// <summary>An event as the broker delivers it.</summary>
    public Task<Answer> TellAsync<T>(string type, Guid order, T data, JsonTypeInfo<T> shape, string? id = null) =>
        Deliver.EventAsync(Payments.Client, type, order, JsonSerializer.Serialize(data, shape), id ?? Guid.CreateVersion7().ToString());

    public async Task RequestAsync(Guid order, string token, long amount = 4990, Guid? user = null, string? eventId = null) => Assert.Equal(
        204,
        (await TellAsync(EventTypes.OrderPaymentRequested, order, new OrderPaymentRequested(order, user, amount, "EUR", token), ContractsJson.Default.OrderPaymentRequested, eventId)).Status);

    public async Task ConfirmAsync(Guid order, long amount = 4990) => Assert.Equal(
        204, (await TellAsync(EventTypes.OrderConfirmed, order, new OrderConfirmed(order, amount, "EUR"), ContractsJson.Default.OrderConfirmed)).Status);

    public async Task CancelAsync(Guid order) => Assert.Equal(
        204, (await TellAsync(EventTypes.OrderCancelled, order, new OrderCancelled(order, "buyer", []), ContractsJson.Default.OrderCancelled)).Status);

    public async Task ReturnAsync(Guid order, Guid returnId, long amount) => Assert.Equal(
        204,
        (await TellAsync(
            EventTypes.OrderReturnRequested, order, new OrderReturnRequested(order, returnId, [new OrderedPiece("A-1", 1)], amount, "EUR", true), ContractsJson.Default.OrderReturnRequested)).Status);

    /// <summary>An order that was paid for.</summary>
    public async Task<Guid> PaidAsync(long amount = 4990, Guid? user = null)
    {
        var order = Guid.CreateVersion7();
        await RequestAsync(order, "tok_success", amount, user);
        await Bus.UntilAsync(order, EventTypes.PaymentAuthorized);
        await ConfirmAsync(order, amount);
        await Bus.UntilAsync(order, EventTypes.PaymentCompleted);
        return order;
    }

    public Task<string> StatusAsync(Guid order) => Database.TextAsync($"select status from payments where order_id = '{order}'");

    public Task<string> PaymentIdAsync(Guid order) => Database.TextAsync($"select id from payments where order_id = '{order}'");

    /// <summary>What the bank did for an order: status, captured and refunded of each of its intents.</summary>
    public Task<string> BankAsync(Guid order) => BankDatabase.TextAsync(
        $"select string_agg(status || ' ' || captured || ' ' || refunded, ', ' order by number) from intents where metadata->>'order_id' = '{order}'");

    public async ValueTask DisposeAsync()
    {
        foreach (var part in new IAsyncDisposable?[] { Payments, Bank, Line, Webhooks, Bus })
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }
    }
}

/// <summary>Somebody who is signed in.</summary>
public sealed record Person(Guid Id, HttpClient Client)
{
    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Answer> PostAsync(string path, string body, string? key = null) => SendAsync(HttpMethod.Post, path, body, ("Idempotency-Key", key ?? Guid.NewGuid().ToString()));

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Answer.OfAsync(Client, request);
    }
}
