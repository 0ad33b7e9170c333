using System.Diagnostics;
using Slipway.RetailInventory.Tests.Scenes;
using Slipway.Sdk.Hosting;

namespace Slipway.RetailInventory.Tests.Safety;

/// <summary>What jobs and timers run: the program with a word behind it.</summary>
public sealed class CommandTests(TestPostgres postgres, Identity identity)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Jobs_migrate_seed_compare_and_expire()
    {
        var database = await postgres.DatabaseAsync();
        var environment = database.Environment.Concat(identity.Issuer.Environment).ToDictionary();
        environment["MIGRATE"] = "command";

        Assert.Contains("Applied", await RunAsync(environment, "migrate"), StringComparison.Ordinal);
        Assert.Contains("places stocked", await RunAsync(environment, "seed"), StringComparison.Ordinal);
        Assert.Contains(" 0 differences", await RunAsync(environment, "reconcile"), StringComparison.Ordinal);
        Assert.Contains("0 reservations", await RunAsync(environment, "expire"), StringComparison.Ordinal);
        Assert.NotEqual("0", await database.TextAsync("select count(*) from movements"));
    }

    private static async Task<string> RunAsync(IReadOnlyDictionary<string, string?> environment, string verb)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Retail.Inventory.dll"), verb]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(s_patience);
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            var text = await output + await error;
            Assert.True(process.ExitCode == 0, $"{verb} ended with {process.ExitCode}: {text}");
            return text;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
