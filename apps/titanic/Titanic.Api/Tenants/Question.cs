namespace Titanic.Api.Tenants;

/// <summary>One statement and its values, to be asked together with others in one journey to the database.</summary>
internal sealed record Question(string Sql, params object?[] Values);
