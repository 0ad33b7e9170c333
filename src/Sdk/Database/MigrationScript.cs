using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.Sdk.Database;

/// <summary>One <c>Migrations/NNNN_name.sql</c> of a program.</summary>
internal sealed partial record MigrationScript(int Version, string Name, string Sql)
{
    private const string NoTransaction = "-- slipway: no-transaction";

    /// <summary>What the file said when it ran. Line endings are the checkout's business, so they do not count.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    public bool InTransaction { get; } = !Sql.StartsWith(NoTransaction, StringComparison.OrdinalIgnoreCase);

    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Version:0000}_{Name}");

    /// <summary>All scripts embedded in a program, in order.</summary>
    /// <exception cref="InvalidOperationException">Two scripts share a number: only a person can say which one is first.</exception>
    public static IReadOnlyList<MigrationScript> In(Assembly assembly, string folder = "Migrations")
    {
        var scripts = new List<MigrationScript>();
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            var match = ResourceName().Match(resource);
            if (match.Success && match.Groups["folder"].Value == folder)
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
                var sql = reader.ReadToEnd().ReplaceLineEndings("\n");
                scripts.Add(new MigrationScript(int.Parse(match.Groups["version"].ValueSpan, CultureInfo.InvariantCulture), match.Groups["name"].Value, sql));
            }
        }

        scripts.Sort((one, other) => one.Version.CompareTo(other.Version));
        for (var i = 1; i < scripts.Count; i++)
        {
            if (scripts[i].Version == scripts[i - 1].Version)
            {
                throw new InvalidOperationException($"The migrations {scripts[i - 1].Id} and {scripts[i].Id} have the same number. Give one of them the next free one.");
            }
        }

        return scripts;
    }

    [GeneratedRegex(@"(^|[./\\])(?<folder>[A-Za-z]+)[./\\](?<version>\d{4})_(?<name>[a-z0-9_]+)\.sql$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex ResourceName();
}

/// <summary>A script as the database remembers it.</summary>
internal sealed record AppliedMigration(int Version, string Name, string Checksum);
