using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Sdk.Database;
using Slipway.Sdk.Hosting;
using Slipway.Sdk.Tests;

[assembly: AssemblyFixture(typeof(TestPostgres))]

namespace Slipway.Sdk.Tests;

/// <summary>A database as a service has it, with limits that a loaded machine does not reach by accident.</summary>
internal static class DatabaseScene
{
    public static DatabaseOptions Options(TestDatabase server) => new()
    {
        Address = server.Address,
        PoolMax = 10,
        PoolMin = 0,
        AcquireTimeout = TimeSpan.FromSeconds(30),
        BreakerTimeout = TimeSpan.FromSeconds(30),
    };

    public static Sdk.Database.Database Open(TestDatabase server, Action<DatabaseOptions>? set = null, TimeProvider? time = null)
    {
        var options = Options(server);
        set?.Invoke(options);
        return new Sdk.Database.Database("test", options, time ?? TimeProvider.System, NullLogger<Sdk.Database.Database>.Instance);
    }

    public static Migrations Migrations(Sdk.Database.Database database, params (int Version, string Name, string Sql)[] scripts) => new(
        database, [.. scripts.Select(script => new MigrationScript(script.Version, script.Name, script.Sql))], TimeProvider.System, NullLogger.Instance);
}
