using System.Globalization;
using Microsoft.Extensions.Logging;
using Slipway.Sdk.Database;
using Slipway.Sdk.Notices;
using Slipway.Sdk.Problems;
using Titanic.Api.Changes;
using Titanic.Api.People;
using Titanic.Api.Tenants;

namespace Titanic.Api.Seeding;

/// <summary>What was added, and how many are on the list now.</summary>
internal sealed record Expansion(int Created, long Total);

/// <summary>Fills lists with invented people: an empty one with the 891, any with more of their kind. Each batch is a transaction, so whatever is interrupted is called again.</summary>
internal sealed partial class Population(Edits edits, Database database, Tenants.Tenants tenants, InstanceNotices others, ILogger<Population> logger)
{
    public const int TargetMax = 100_000;
    public const long SeedDefault = 1912;

    private const int Together = 1_000;
    private const int UsageExitCode = 64;
    private const int LockSpace = 0x717A;

    /// <summary><c>seed</c>: every tenant that has nobody yet.</summary>
    public async Task<int> SeedAsync(CancellationToken cancellation)
    {
        foreach (var tenant in tenants.All)
        {
            var created = (await FillAsync(tenant, PassengerSlots.Count, SeedDefault, onlyIfEmpty: true, "seed", cancellation)).Created;
            LogWritten(logger, tenant.Name, created);
        }

        await others.AnnounceEverythingAsync(cancellation);
        return 0;
    }

    /// <summary><c>expand --target N [--seed N] [--tenant NAME]</c></summary>
    public async Task<int> ExpandAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var tenant = Argument(arguments, "--tenant") is { } name ? tenants.All.FirstOrDefault(tenant => tenant.Name == name) : tenants.Default;
        if (tenant is null || !Number(arguments, "--target", 0, out var target) || target is < 1 or > TargetMax || !Number(arguments, "--seed", SeedDefault, out var seed))
        {
            await Console.Error.WriteLineAsync($"titanic: expand takes --target with a number from 1 to {TargetMax}, and perhaps --seed with a whole number and --tenant with one of TENANTS.");
            return UsageExitCode;
        }

        var expansion = await FillAsync(tenant, (int)target, seed, onlyIfEmpty: false, "expand", cancellation);
        await others.AnnounceEverythingAsync(cancellation);
        LogWritten(logger, tenant.Name, expansion.Created);
        return 0;
    }

    /// <summary>Adds people until there are as many as wanted.</summary>
    public async Task<Outcome<Expansion>> ExpandAsync(Tenant tenant, int target, long seed, string by, CancellationToken cancellation)
    {
        var expansion = await FillAsync(tenant, target, seed, onlyIfEmpty: false, by, cancellation);
        return expansion.Created == 0 && expansion.Total > target
            ? Problem.Conflict("expandDown", "There are more people already", $"There are {expansion.Total} people. Made-up people are only added; choose a higher target.")
            : expansion;
    }

    private async Task<Expansion> FillAsync(Tenant tenant, int target, long seed, bool onlyIfEmpty, string by, CancellationToken cancellation)
    {
        var created = 0;
        while (true)
        {
            // Empty is asked of the first batch only: what it adds must not stop the second.
            var first = created == 0;
            var (added, total) = await edits.RunAsync(null, by, tenant, (edit, token) => AddAsync(edit, target, seed, onlyIfEmpty && first, token), cancellation);
            created += added;
            if (added == 0 || total >= target)
            {
                if (created > 0)
                {
                    // Without figures the planner takes a full list for an empty one.
                    await database.WriteAsync(async (transaction, token) => await transaction.Command("analyze people, person_words, name_words").ExecuteAsync(token), cancellation);
                }

                return new Expansion(created, total);
            }
        }
    }

    private static async Task<(int Added, long Total)> AddAsync(Edit edit, int target, long seed, bool onlyIfEmpty, CancellationToken cancellation)
    {
        // One at a time for each tenant, so that two who fill a list fill it once.
        await edit.Transaction.Command("select pg_advisory_xact_lock($1, hashtext($2))", LockSpace, edit.Tenant.Name).ExecuteAsync(cancellation);
        var (total, last) = await edit.Transaction.Command("select count(*), coalesce(max(passenger_id), 0) from people")
            .OneAsync(row => (row.GetInt64(0), row.GetInt32(1)), cancellation);
        if (total >= target || (onlyIfEmpty && total > 0))
        {
            return (0, total);
        }

        var count = (int)Math.Min(Together, target - total);
        var people = Enumerable.Range(last + 1, count).Select(number => PassengerMaker.Make(edit.Tenant.Name, seed, number, edit.Now)).ToList();
        var written = await PersonRows.InsertAsync(edit.Transaction, people, cancellation);
        edit.Everything = true;
        edit.Load = $"{written.Count.ToString(CultureInfo.InvariantCulture)} invented people, seed {seed.ToString(CultureInfo.InvariantCulture)}, from number {PersonRows.Number(last + 1)}";
        return (written.Count, total + written.Count);
    }

    private static bool Number(IReadOnlyList<string> arguments, string name, long otherwise, out long number)
    {
        number = otherwise;
        return Argument(arguments, name) is not { } text || long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    private static string? Argument(IReadOnlyList<string> arguments, string name)
    {
        for (var at = 0; at + 1 < arguments.Count; at++)
        {
            if (arguments[at] == name)
            {
                return arguments[at + 1];
            }
        }

        return null;
    }

    [LoggerMessage(EventId = 9501, Level = LogLevel.Information, Message = "{People} people were added to the list of {Tenant}")]
    private static partial void LogWritten(ILogger logger, string tenant, int people);
}
