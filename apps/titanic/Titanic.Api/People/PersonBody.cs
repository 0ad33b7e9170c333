namespace Titanic.Api.People;

/// <summary>A passenger as a client sends it. What is absent is told from what is wrong by being null.</summary>
internal sealed record PersonBody
{
    /// <summary>The number on the passenger list; one is given when it is left out.</summary>
    public int? PassengerId { get; set; }

    public bool? Survived { get; set; }

    public int? PassengerClass { get; set; }

    public string? Name { get; set; }

    public string? Sex { get; set; }

    public decimal? Age { get; set; }

    public int? SiblingsOrSpousesAboard { get; set; }

    public int? ParentsOrChildrenAboard { get; set; }

    public string? Ticket { get; set; }

    public decimal? Fare { get; set; }

    public string? Cabin { get; set; }

    public string? Embarked { get; set; }
}

/// <summary>A passenger as clients read it. It is written by <see cref="PersonJson"/>; this type tells its members to the service's document.</summary>
internal sealed record PersonDocument
{
    public required Guid Uuid { get; init; }

    public required int PassengerId { get; init; }

    public required bool Survived { get; init; }

    public required int PassengerClass { get; init; }

    public required string Name { get; init; }

    public required string Sex { get; init; }

    public required decimal? Age { get; init; }

    public required int SiblingsOrSpousesAboard { get; init; }

    public required int ParentsOrChildrenAboard { get; init; }

    public required string? Ticket { get; init; }

    public required decimal Fare { get; init; }

    public required string? Cabin { get; init; }

    public required string? Embarked { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required long Version { get; init; }

    /// <summary>Only where deleted people are shown.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Why the record must be kept; only while it must.</summary>
    public string? HoldReason { get; init; }
}
