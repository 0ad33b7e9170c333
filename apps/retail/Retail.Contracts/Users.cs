namespace Retail.Contracts;

/// <summary>An account appeared or changed; nothing personal travels with it.</summary>
public sealed record UserChanged(Guid UserId, string Role, bool Active);

/// <summary>Everything that names this person is to be forgotten; books keep their amounts.</summary>
public sealed record UserDeleted(Guid UserId);
