namespace Slipway.Store.Postgres;

/// <summary>Roles and databases of the embedded server.</summary>
internal static class PostgresNames
{
    public const string Admin = "postgres";

    public const string AdminDatabase = "postgres";

    /// <summary>The role and the database of the platform itself. Services get others.</summary>
    public const string Platform = "slipway";
}
