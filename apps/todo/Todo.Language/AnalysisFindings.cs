namespace Todo.Language;

/// <summary>The words a finding rests on, and where they stand: 0 is the start of the title, the description follows after one line break.</summary>
public sealed record Evidence(string TodoId, string Text, int Start, int Length, string Why);

public sealed record SummaryFinding(string Text, int Total, int Open, int Completed, int Overdue, int DueToday, int DueThisWeek, string Language);

/// <param name="Score">From -1, all bad, to 1, all good.</param>
/// <param name="Label">negative, neutral or positive.</param>
public sealed record SentimentFinding(double Score, string Label, IReadOnlyList<SentimentEvidence> Evidence);

public sealed record SentimentEvidence(string TodoId, string Text, int Start, int Length, double Weight, string Why);

public sealed record KeyPhraseFinding(string Phrase, int Count, IReadOnlyList<string> TodoIds);

/// <param name="Type">person, place, organisation, email, phone, url or amount.</param>
public sealed record EntityFinding(string Type, string Text, string TodoId, int Start, int Length);

public sealed record DateFinding(string TodoId, string Text, int Start, int Length, DateOnly? Date, TimeOnly? Time, string? Recurrence);

public sealed record TopicFinding(string Topic, double Score, IReadOnlyList<string> TodoIds, IReadOnlyList<Evidence> Evidence);

public sealed record CategoryFinding(string TodoId, string Category, double Confidence, IReadOnlyList<Evidence> Evidence);

public sealed record PriorityFinding(string TodoId, string Priority, double Confidence, IReadOnlyList<Evidence> Evidence);

public sealed record DuplicateFinding(IReadOnlyList<string> TodoIds, double Similarity, IReadOnlyList<string> Evidence);

public sealed record OverloadFinding(DateOnly Date, int Minutes, int Limit, IReadOnlyList<string> TodoIds);

public sealed record EffortFinding(string TodoId, int Minutes, IReadOnlyList<Evidence> Evidence);

public sealed record OverdueFinding(string TodoId, int Days);

public sealed record ProductivityFinding(int Total, int Completed, int Open, double CompletionPercent, double OverduePercent, IReadOnlyList<CategoryProgress> Categories);

public sealed record CategoryProgress(string Category, int Total, int Completed);
