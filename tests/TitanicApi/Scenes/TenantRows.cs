using System.Globalization;
using Npgsql;
using Slipway.Sdk.Hosting;

namespace Slipway.TitanicApi.Tests.Scenes;

/// <summary>Looks into the database past the service, as one tenant or as none.</summary>
internal static class TenantRows
{
    /// <summary>One value, as text.</summary>
    public static async Task<string> AsTenantAsync(this TestDatabase database, string? tenant, string sql, params object[] values)
    {
        await using var connection = await database.OpenAsync();
        if (tenant is not null)
        {
            await using var choose = new NpgsqlCommand("select set_config('app.tenant', $1, false)", connection);
            choose.Parameters.Add(new NpgsqlParameter { Value = tenant });
            await choose.ExecuteNonQueryAsync();
        }

        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) ?? "";
    }
}
