using Slipway.Store.Archiving;

namespace Slipway.Store.Postgres;

/// <summary>Where PostgreSQL is, or where ours may live.</summary>
public sealed record DatabaseOptions
{
    /// <summary>Slipway's state folder; the embedded server keeps everything below <c>postgres/</c> in it.</summary>
    public required string StateFolder { get; init; }

    /// <summary>Where fetched programs are kept. Several installations may share one.</summary>
    public required string ToolsFolder { get; init; }

    /// <summary><c>postgres://user:password@host:port/database</c> of an outside server; null runs our own.</summary>
    public string? Url { get; init; }

    /// <summary>Whether and how long the embedded server can be taken back to a moment.</summary>
    public ArchiveSettings Archive { get; init; } = ArchiveSettings.Off;

    /// <summary>Where <c>node</c> and <c>npm</c> are looked for.</summary>
    public string? SearchPath { get; init; }

    /// <summary>Reads <c>SLIPWAY_DATABASE</c> and <c>SLIPWAY_TOOLS</c>.</summary>
    public static DatabaseOptions FromEnvironment(string stateFolder, Func<string, string?> environment) => new()
    {
        StateFolder = stateFolder,
        ToolsFolder = environment("SLIPWAY_TOOLS") is { Length: > 0 } tools ? tools : Path.Combine(stateFolder, "tools"),
        Url = environment("SLIPWAY_DATABASE") is { Length: > 0 } url ? url : null,
        SearchPath = environment("PATH"),
    };
}
