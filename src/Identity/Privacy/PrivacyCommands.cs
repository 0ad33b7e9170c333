using System.Text.Json;
using Slipway.Identity.ApiKeys;
using Slipway.Identity.OAuth;
using Slipway.Identity.TwoFactor;
using Slipway.Sdk.Auditing;
using Slipway.Sdk.Database;
using Slipway.Sdk.Service;

namespace Slipway.Identity.Privacy;

/// <summary>
/// Verbs for operators: <c>purge</c> for a daily job, <c>erasures</c> to keep the list of deletions beside a backup, and
/// <c>replay-erasures</c> to carry them out again after a restore.
/// </summary>
internal static class PrivacyCommands
{
    private const int Page = 500;
    private const int LineMax = 1_000;

    public static void AddTo(SlipwayService service)
    {
        service.Command("purge", PurgeAsync);
        service.Command("erasures", (provider, cancellation) => ListAsync(provider, Console.Out, cancellation));
        service.Command("replay-erasures", (provider, cancellation) => ReplayAsync(provider, Console.In, Console.Error, cancellation));
    }

    public static async Task<int> PurgeAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var erased = await services.GetRequiredService<Erasures>().CarryOutDueAsync(cancellation);
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        await services.GetRequiredService<Database>().WriteAsync(
            async (tx, c) =>
            {
                await CodeStore.SweepAsync(tx, now, c);
                await TwoFactorStore.SweepAsync(tx, now, c);
                await ApiKeyStore.SweepAsync(tx, now, c);
            },
            cancellation);
        await Console.Out.WriteLineAsync($"Accounts anonymised: {erased}.");
        var keep = services.GetRequiredService<IdentitySettings>().AuditKept;
        if (!(await services.GetRequiredService<AuditTrail>().ExpireAsync(keep, cancellation)).Is(out var expired, out var broken))
        {
            await Console.Error.WriteLineAsync($"identity: {broken.Detail} No audit entry was removed.");
            return 1;
        }

        await Console.Out.WriteLineAsync($"Audit entries past their time: {expired}.");
        return 0;
    }

    /// <summary>One line of JSON per request, in the order of the accounts' ids.</summary>
    internal static async Task<int> ListAsync(IServiceProvider services, TextWriter output, CancellationToken cancellation)
    {
        var erasures = services.GetRequiredService<Erasures>();
        var after = Guid.Empty;
        while (true)
        {
            var page = await erasures.AfterAsync(after, Page, cancellation);
            foreach (var erasure in page)
            {
                await output.WriteLineAsync(JsonSerializer.Serialize(erasure, PrivacyJson.Default.Erasure));
            }

            if (page.Count < Page)
            {
                return 0;
            }

            after = page[^1].UserId;
        }
    }

    internal static async Task<int> ReplayAsync(IServiceProvider services, TextReader input, TextWriter errors, CancellationToken cancellation)
    {
        var erasures = services.GetRequiredService<Erasures>();
        for (var number = 1; await input.ReadLineAsync(cancellation) is { } line; number++)
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            if (Read(line) is not { } erasure)
            {
                await errors.WriteLineAsync($"identity: line {number} is not an entry of a list of erasures; the lines before it are taken up, this and the following are not.");
                return 65;
            }

            await erasures.RememberAsync(erasure, cancellation);
        }

        return await PurgeAsync(services, cancellation);
    }

    private static Erasure? Read(string line)
    {
        try
        {
            return line.Length <= LineMax && JsonSerializer.Deserialize(line, PrivacyJson.Default.Erasure) is { } read && read.UserId != Guid.Empty && read.DueAt >= read.RequestedAt
                ? read
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
