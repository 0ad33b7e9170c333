using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Sdk.Hosting;

namespace Slipway.Identity.Tests;

/// <summary>What was answered stays true when the process is killed without a word.</summary>
public sealed class CrashTests(TestPostgres postgres)
{
    private const int AcknowledgedBeforeTheEnd = 8;

    [Fact]
    public async Task No_account_session_or_mail_that_was_acknowledged_is_lost_when_the_process_is_killed()
    {
        await using var survivor = await RunningIdentity.StartAsync(postgres);
        var acknowledged = new ConcurrentDictionary<string, JsonObject>();
        using var victim = Start(survivor.Environment, out var address);
        try
        {
            using var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
            await Eventually.HoldsAsync("the process is ready", () => IsReadyAsync(client));
            var writers = Enumerable.Range(0, 4).Select(_ => RegisterUntilTheEndAsync(client, acknowledged)).ToList();
            await Eventually.HoldsAsync("enough is acknowledged", () => acknowledged.Count >= AcknowledgedBeforeTheEnd);
            victim.Kill();
            await Task.WhenAll(writers);
        }
        finally
        {
            if (!victim.HasExited)
            {
                victim.Kill();
            }

            await victim.WaitForExitAsync();
        }

        foreach (var (email, answer) in acknowledged)
        {
            await survivor.SignInAsync(email);
            await survivor.JsonAsync(
                HttpStatusCode.OK, HttpMethod.Post, "/auth/refresh", new JsonObject { ["refreshToken"] = answer["refreshToken"]!.GetValue<string>() });
            using var me = await survivor.SendAsync(HttpMethod.Get, "/auth/me", bearer: answer["token"]!.GetValue<string>());
            Assert.Equal(HttpStatusCode.OK, me.StatusCode);
        }

        Assert.Equal("0", await survivor.Database.TextAsync("select count(*) from users where not exists (select 1 from outgoing_mail where to_address = email_typed)"));
    }

    private static async Task RegisterUntilTheEndAsync(HttpClient client, ConcurrentDictionary<string, JsonObject> acknowledged)
    {
        while (true)
        {
            var email = RunningIdentity.NewEmail("crash");
            try
            {
                using var body = new StringContent(RunningIdentity.Credentials(email).ToJsonString(), Encoding.UTF8, "application/json");
                using var response = await client.PostAsync("/auth/register", body);
                acknowledged[email] = await RunningIdentity.JsonAsync(response, HttpStatusCode.Created);
            }
            catch (Exception end) when (end is HttpRequestException or IOException)
            {
                return;
            }
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using var response = await client.GetAsync("/ready");
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static Process Start(IReadOnlyDictionary<string, string?> environment, out Uri address)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        address = new Uri($"http://127.0.0.1:{port}");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Slipway.Identity.dll")]);
        foreach (var (name, value) in environment.Append(new("PORT", $"{port}")).Append(new("HOST", "127.0.0.1")).Append(new("LIMITS", "off")))
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException("The service does not start.");
    }
}
