using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using Slipway.Cli.Connection;
using Slipway.Cli.Terminal;
using Slipway.Model.Resources;

namespace Slipway.Cli.Databases;

/// <summary>How the command line reaches a Database: as its owner, with what the platform keeps in the Secret beside it.</summary>
internal static class DatabaseSecret
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);

    /// <param name="port">Of a second server that holds the same database as it was; its own when null.</param>
    public static async Task<NpgsqlConnection> OpenAsync(ApiClient api, string @namespace, string name, CancellationToken cancellation, int? port = null)
    {
        if (await api.FindAsync(ResourcePaths.Item(Kinds.Database, @namespace, name), cancellation) is null)
        {
            throw new CliFailure($"there is no database {name} in namespace {@namespace}. `slipway get databases` shows them.");
        }

        var text = await ReadAsync(api, @namespace, name, cancellation) ?? throw new CliFailure($"database {name} is not ready yet; `slipway describe database {name}` says why.");
        var address = new NpgsqlConnectionStringBuilder(text) { Pooling = false, CommandTimeout = 0, ApplicationName = "slipway db" };
        if (port is { } other)
        {
            (address.Host, address.Port) = ("127.0.0.1", other);
        }

        var connection = new NpgsqlConnection(address.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch (NpgsqlException unreachable)
        {
            await connection.DisposeAsync();
            throw new CliFailure($"database {name} cannot be reached: {unreachable.Message}", ExitCodes.Unreachable);
        }
    }

    /// <summary>Makes a Database of that name, if there is none, and waits until it can be used.</summary>
    public static async Task EnsureAsync(ApiClient api, string @namespace, string name, CancellationToken cancellation)
    {
        await api.ApplyAsync(
            ResourcePaths.Item(Kinds.Database, @namespace, name),
            new JsonObject { ["apiVersion"] = "slipway.dev/v1", ["kind"] = "Database", ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = @namespace }, ["spec"] = new JsonObject() },
            cancellation);
        var began = TimeProvider.System.GetTimestamp();
        while (await ReadAsync(api, @namespace, name, cancellation) is null)
        {
            if (TimeProvider.System.GetElapsedTime(began) > s_patience)
            {
                throw new CliFailure($"database {name} did not become ready within {s_patience.TotalSeconds:0} s; `slipway describe database {name}` says why.");
            }

            await Task.Delay(s_look, TimeProvider.System, cancellation);
        }
    }

    private static async Task<string?> ReadAsync(ApiClient api, string @namespace, string name, CancellationToken cancellation)
    {
        var secret = await api.FindAsync(ResourcePaths.Item(Kinds.Secret, @namespace, $"{name}-database"), cancellation);
        return (string?)secret?["data"]?["connectionString"] is { Length: > 0 } packed ? Encoding.UTF8.GetString(Convert.FromBase64String(packed)) : null;
    }
}
