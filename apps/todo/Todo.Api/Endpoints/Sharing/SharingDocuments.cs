using Slipway.Sdk.Paging;
using Todo.Api.Lists;
using Todo.Api.Sharing;

namespace Todo.Api.Endpoints.Sharing;

internal sealed record MemberDocument(Guid UserId, string Role, string? Email, string? Name, DateTimeOffset JoinedAt)
{
    public static MemberDocument Of(Member member) => new(member.UserId, member.Role.Name(), member.Email, member.Name, member.JoinedAt);
}

internal sealed record MemberPage(IReadOnlyList<MemberDocument> Items, Page Page);

internal sealed record RoleBody
{
    public string? Role { get; set; }
}

internal sealed record InvitationBody
{
    public string? Email { get; set; }

    public string? Role { get; set; }
}

internal sealed record InvitationDocument(
    Guid Id, Guid ListId, string ListName, string Email, string Role, InvitedBy InvitedBy, string Status, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    public static InvitationDocument Of(Invitation invitation) => new(
        invitation.Id, invitation.ListId, invitation.ListName, invitation.Email, invitation.Role.Name(),
        new InvitedBy(invitation.InvitedBy, invitation.InvitedByName), invitation.Status, invitation.CreatedAt, invitation.ExpiresAt);
}

internal sealed record InvitedBy(Guid Id, string? Name);

internal sealed record InvitationPage(IReadOnlyList<InvitationDocument> Items, Page Page)
{
    public static InvitationPage Of(List<Invitation> invitations) =>
        new([.. invitations.Select(InvitationDocument.Of)], new Page(invitations.Count, null, null, null));
}
