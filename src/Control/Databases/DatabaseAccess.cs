using Npgsql;

namespace Slipway.Control.Databases;

/// <summary>The PostgreSQL server that Databases are made on, and how instances reach it.</summary>
/// <param name="Admin">Connections of a role that may create roles and databases. Whoever made it disposes of it.</param>
/// <param name="Host">As instances see it: a name, an address, or the folder of a Unix socket.</param>
public sealed record DatabaseAccess(NpgsqlDataSource Admin, string Host, int Port);

/// <summary>One database with the role that owns it.</summary>
/// <param name="Claim">Who it was made for; written on the database itself so that nobody else is given it.</param>
internal sealed record DatabaseAccount(string Database, string Role, string Password, int? ConnectionLimit, string Claim);
