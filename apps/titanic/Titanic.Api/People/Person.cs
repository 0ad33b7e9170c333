namespace Titanic.Api.People;

/// <summary>What is said about a passenger, as opposed to what the service keeps about the record.</summary>
internal sealed record PersonContent
{
    public required bool Survived { get; init; }

    public required int Class { get; init; }

    public required string Name { get; init; }

    public required string Sex { get; init; }

    /// <summary>In years, with at most two digits behind the point: babies have ages too.</summary>
    public decimal? Age { get; init; }

    public int SiblingsOrSpouses { get; init; }

    public int ParentsOrChildren { get; init; }

    public string? Ticket { get; init; }

    public decimal Fare { get; init; }

    public string? Cabin { get; init; }

    public string? Embarked { get; init; }
}

/// <summary>A passenger's record.</summary>
internal sealed record Person
{
    public required Guid Uuid { get; init; }

    public required int PassengerId { get; init; }

    public required PersonContent Content { get; init; }

    public string? HoldReason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }

    public required long Version { get; init; }

    public bool IsHeld => HoldReason is not null;
}
