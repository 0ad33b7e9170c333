using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk.Database;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Settings;

namespace Retail.Cart.Health;

/// <summary>
/// <c>/health</c> with the documented members around what every service says there. Before each answer the database is asked for
/// <c>SELECT 1</c>; callers at the same moment share one question, so that nobody can load the database with it.
/// </summary>
internal sealed class DocumentedHealth(Database database, ServiceSettings settings, TimeProvider time) : IStartupFilter
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(1);

    private readonly string _version = typeof(CartService).Assembly.GetName().Version!.ToString(3);
    private readonly string _environment = settings.Text("ENVIRONMENT", "development");
    private readonly Lock _lock = new();
    private Task<string?>? _asking;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(InvokeAsync);
        next(app);
    };

    private async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Path.Value != "/health" || !HttpMethods.IsGet(http.Request.Method))
        {
            await next(http);
            return;
        }

        var failure = await AskAsync();
        var body = http.Response.Body;
        using var usual = new MemoryStream();
        http.Response.Body = usual;
        try
        {
            await next(http);
        }
        finally
        {
            http.Response.Body = body;
        }

        await WriteAsync(http, JsonNode.Parse(usual.ToArray())!.AsObject(), failure);
    }

    private async Task WriteAsync(HttpContext http, JsonObject usual, string? failure)
    {
        failure ??= http.Response.StatusCode == StatusCodes.Status200OK ? null : "the service is " + usual["status"];
        var members = new JsonObject
        {
            ["timestamp"] = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["version"] = _version,
            ["database"] = failure is null ? "connected" : "disconnected",
            ["environment"] = _environment,
        };
        if (failure is not null)
        {
            var problem = new Problem(503, "unhealthy", "The service is not healthy", "Health check failed: " + failure) { Members = members, RetryAfter = TimeSpan.FromSeconds(1) };
            await problem.ToResult().ExecuteAsync(http);
            return;
        }

        foreach (var (name, value) in members)
        {
            usual[name] = value?.DeepClone();
        }

        var bytes = JsonSerializer.SerializeToUtf8Bytes(usual, Endpoints.CartJson.Default.JsonObject);
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    private Task<string?> AskAsync()
    {
        lock (_lock)
        {
            return _asking is { IsCompleted: false } asking ? asking : _asking = AskDatabaseAsync();
        }
    }

    private async Task<string?> AskDatabaseAsync()
    {
        using var limit = new CancellationTokenSource(s_limit, time);
        try
        {
            await database.ReadAsync((connection, token) => connection.Command("select 1").ExecuteAsync(token), limit.Token).WaitAsync(s_limit, time, CancellationToken.None);
            return null;
        }
        catch (ProblemException exception)
        {
            return exception.Problem.Detail;
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            return $"the database did not answer within {s_limit.TotalSeconds:0} s";
        }
        catch (Npgsql.NpgsqlException)
        {
            return "the database cannot be reached";
        }
    }
}
