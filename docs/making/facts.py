"""What is publicly known of the vendor's platform, fact by fact, with the tests that hold us to it, or why nothing does.

The marks in the code say what we act on; this says what there is to act on, so that nothing is left out in silence. A test
is named as ``folder/module:behaviour``, short for ``tests/folder/test_module.py`` and ``test_behaviour``. The sources are
those of ``fidelity``.
"""

from __future__ import annotations

from typing import NamedTuple

from docs.making.markdown import table

__all__ = ["FACTS", "Fact", "facts", "place"]


class Fact(NamedTuple):
    """Something known: in our words, from where, which tests hold it, and what of it is not imitated and why."""

    known: str
    source: str
    tests: tuple[str, ...] = ()
    left: str = ""


def _held(known: str, source: str, *tests: str, but: str = "") -> Fact:
    return Fact(known, source, tests, but)


def _left(known: str, source: str, why: str) -> Fact:
    return Fact(known, source, (), why)


FACTS: dict[str, tuple[Fact, ...]] = {
    "Webhooks, first generation": (
        _left(
            "An organisation has one URL, which the vendor's staff set.",
            "UW",
            "Any number of targets may be named, by whoever runs the simulator.",
        ),
        _held(
            "The URL is posted to as it is, nothing is appended.",
            "DEMO",
            "server/sender:url_is_written_as_a_request_needs_it",
        ),
        _held(
            "The listener hears of everything and discards what it does not want.",
            "UW",
            "webhooks/payloads:each_change_tells_its_words_in_order",
            "examples/receiver:update_and_unknown_types_are_answered_and_forgotten",
        ),
        _held(
            "URLs with http are accepted, not only https.",
            "DEMO",
            "addresses:address_that_can_be_posted_to_is_kept_as_it_is",
        ),
        _held(
            "Creations and updates of Call and ScenarioSession are told.",
            "SEED",
            "webhooks/payloads:each_change_tells_its_words_in_order",
            "webhooks/payloads:types_that_are_never_told_tell_nothing",
        ),
        _held(
            "Paused, resumed and finished are named beside created and updated.",
            "SEED",
            "webhooks/payloads:each_change_tells_its_words_in_order",
        ),
        _left("A longer list of events is promised, and was never stored.", "UW", "Nobody knows it."),
        _held(
            "Examples spell create and update, newer prose created and updated.",
            "SEED",
            "webhooks/payloads:first_two_words_have_two_spellings",
            "webhooks/payloads:both_spellings_are_one_word",
        ),
        _held(
            "An update follows whenever a record changes state; the other events are stable.",
            "SEED",
            "world/session_verbs:a_session_runs_from_start_through_a_pause_to_its_end",
            "webhooks/payloads:each_change_tells_its_words_in_order",
        ),
        _held(
            "The payload has time, event, type and data, with hyphens in the keys under data.",
            "SEED",
            "webhooks/payloads:webhook_about_a_resource_is_as_the_document_shows_it",
        ),
        _held(
            "The type of a resource is written as GraphQL writes it; older pages had small letters.",
            "DEMO",
            "webhooks/payloads:webhook_about_a_resource_is_as_the_document_shows_it",
            but="The small letters of the older pages.",
        ),
        _held(
            "The time is when the request is triggered, UTC, to the second.",
            "SEED",
            "webhooks/payloads:time_is_that_of_the_attempt",
            "webhooks/writing:post_bears_the_time_of_its_attempt",
        ),
        _held(
            "The resource's id is a node id, and its URL answers the first-level attributes.",
            "SEED",
            "routes:the_resource_url_answers_what_graphql_answers",
            "acceptance:both_queries_of_the_vendors_page_and_the_resource_url_answer_for_a_webhook",
        ),
        _left(
            "In the page's example the id in the URL differs from the id beside it.",
            "UW",
            "It is taken for careless editing: here they are the same.",
        ),
        _held(
            "An event may be about no resource: it has the same time, and fields of its own under data.",
            "SEED",
            "webhooks/payloads:event_about_no_resource_has_its_own_type_and_data",
        ),
        _held(
            "It is an HTTP POST with JSON; no header but the content type is known.",
            "UW",
            "server/sender:only_the_headers_of_the_attempt_are_sent",
        ),
        _held(
            "There is no signature, no secret and no id of the delivery.",
            "UW",
            "webhooks/payloads:payloads_keep_their_contract",
            "webhooks/telling:target_hears_of_the_generation_that_is_set",
        ),
        _held(
            "The vendor's own receiver answers 200 without a body, or 400 when data is missing.",
            "DEMO",
            "webhooks/retries:only_a_status_of_two_hundred_and_some_is_a_success",
        ),
        _held(
            "Of retries, time-outs, order, duplicates and redirects nothing is known.",
            "UW",
            "webhooks/dispatch:receiver_that_fails_twice_is_told_a_third_time_at_the_moments_of_the_schedule",
            "server/sender:each_post_has_its_own_time_out",
            "webhooks/outbox:next_one_goes_out_when_the_one_before_has_ended",
            "server/sender:redirect_is_not_followed",
        ),
        _held(
            "One is advised to ask for details by the node id.",
            "SEED",
            "acceptance:both_queries_of_the_vendors_page_and_the_resource_url_answer_for_a_webhook",
            "examples/receiver:session_becomes_a_work_order_that_is_closed_at_the_end",
        ),
        _held(
            "A webhook hangs on the record that is created or changed, whoever did it.",
            "DEMO",
            "acceptance:the_vendors_own_client_gets_its_external_data_back_unchanged",
            "rest:a_session_is_started_by_who_asks_for_the_release_in_the_path",
        ),
    ),
    "Webhooks, second generation": (
        _held(
            "A topic is a record with a key and a version; several versions may stand side by side.",
            "UW",
            "settings/topics:versions_are_compared_as_numbers",
            "webhooks/telling:each_version_of_a_topic_is_told_to_its_own_subscribers",
        ),
        _held(
            "Without a version or an id the latest version of the key is meant.",
            "UW",
            "world/subscribing:a_topic_is_named_in_many_ways",
        ),
        _held(
            "A subscription is a record: a topic, a URL, and perhaps a query that runs at the delivery.",
            "UW",
            "world/subscribing:a_subscription_holds_what_it_was_given",
        ),
        _left(
            "An active customer with an administrator's account is needed.",
            "UW",
            "There are no customers here.",
        ),
        _held(
            "Seen are scenario_session/create, /created and /completed and user/created, in version 1.1.",
            "UW",
            "settings/topics:the_default_holds_what_the_vendor_documents_first",
        ),
        _held(
            "The headers name topic, its version, version of the API, domain, kind, signature and an id.",
            "UW",
            "webhooks/writing:webhook_of_generation_two_has_its_metadata_in_headers_and_only_a_node_in_its_body",
        ),
        _held(
            "The signature is a base64 text of 32 bytes.",
            "UW",
            "webhooks/signing:signature_is_the_standard_one_in_base64",
            "webhooks/signing:signature_is_what_any_receiver_works_out",
        ),
        _held(
            "The body holds id and url under data; time, event and type are not in it.",
            "UW",
            "webhooks/writing:webhook_of_generation_two_has_its_metadata_in_headers_and_only_a_node_in_its_body",
        ),
        _held(
            "An id with a slash may stand in the URL.",
            "UW",
            "rest:an_id_may_be_written_in_any_way",
            "webhooks/payloads:slash_in_an_id_is_escaped_and_the_equals_sign_stays",
        ),
        _held(
            "A valid query of the subscription runs at each delivery, and its result is the body.",
            "UW",
            "webhooks/writing:stored_query_runs_at_each_attempt_and_its_whole_result_is_the_signed_body",
            "graphql/stored:a_stored_query_gives_the_complete_answer",
        ),
        _held(
            "The variables nodeId and nodeType are supplied.",
            "UW",
            "graphql/stored:a_query_that_can_run_is_stored",
        ),
        _held(
            "A query that is not valid is refused when one subscribes.",
            "UW",
            "graphql/stored:what_cannot_be_stored_is_refused_with_its_place",
        ),
        _held(
            "createWebhookSubscription has an older form with flat arguments and a newer with input.",
            "UW",
            "graphql/mutations:the_older_form_subscribes",
            "graphql/mutations:the_vendors_sample_subscribes",
            "graphql/mutations:both_forms_or_neither_is_an_error_inside_the_data",
        ),
        _held(
            "Its errors stand inside the data: field and message, later fullMessage, message, path and type.",
            "UW",
            "graphql/mutations:what_is_wrong_stands_inside_the_data_and_nothing_changes",
            "graphql/schema:an_error_inside_the_data_reads_its_keys",
        ),
        _held(
            "A subscription can be changed; how is not known, nor how one ends.",
            "UW",
            "graphql/mutations:a_subscription_is_changed_by_its_node_id_or_its_database_id",
            "graphql/mutations:a_subscription_is_ended_and_told_as_it_was",
        ),
        _held(
            "Topics and subscriptions can be queried.",
            "UW",
            "graphql/mutations:topics_and_subscriptions_are_listed",
        ),
        _held(
            "Of success, time-out, retries, disabling, order and replay nothing is known.",
            "UW",
            "webhooks/dispatch:no_payload_is_lost_whatever_the_receiver_answers",
            "webhooks/dispatch:target_that_is_gone_is_disabled_only_where_the_settings_say_so",
        ),
        _held(
            "Both generations probably stand side by side in one organisation.",
            "OC",
            "webhooks/telling:subscriber_hears_of_its_topic_alone_in_every_generation",
            "webhooks/telling:target_hears_of_the_generation_that_is_set",
        ),
        _left(
            "Integration scripts inside the CMS hear of the same events.",
            "OC",
            "There is no CMS; a receiver of one's own is what is tested here.",
        ),
    ),
    "GraphQL: the endpoint": (
        _held(
            "There is one endpoint, and queries and mutations are posted to it.",
            "EG",
            "routes:a_query_is_answered_and_told_to_the_journal",
            "routes:a_mutation_is_carried_out_by_post_and_refused_by_get",
        ),
        _held(
            "GET without a query answers the introspection.",
            "IG",
            "routes:get_without_a_query_answers_the_introspection_result",
        ),
        _held(
            "GraphiQL stands at /explorer, and was switched off for a while.",
            "EG",
            "server/explorer:the_page_asks_as_the_default_user_and_begins_with_a_session_that_exists",
        ),
        _left("The reference site is at /api/v3/docs.", "RD", "Print the same with scope-simulator schema."),
        _held(
            "The body has query and variables, and permalink where a client sends it.",
            "DEMO",
            "routes:the_other_keys_may_be_null_or_missing",
            "routes:the_organisation_may_be_named",
        ),
        _held(
            "The organisation's permalink may also stand in the query string, after a slash.",
            "EG",
            "routes:the_organisation_may_be_named",
        ),
        _left(
            "Staff of the vendor's must name the organisation.",
            "EG",
            "There is one organisation and no staff.",
        ),
        _held(
            "Errors are answered with status 200.",
            "DEMO",
            "routes:whatever_parses_as_a_request_is_answered_with_200",
        ),
        _held(
            "Four spellings of the header Authorization occur.",
            "EG",
            "auth:a_token_is_read_in_every_spelling",
        ),
        _held(
            "The header PrivateAccessCode was a gate of the beta and is left out by newer clients.",
            "EG",
            "auth:a_token_is_read_in_every_spelling",
            "acceptance:the_vendors_own_client_gets_its_external_data_back_unchanged",
        ),
        _held(
            "A session token is a JWT (HS256) with data.user_id, data.device_id, exp and jti.",
            "EG",
            "auth:a_session_token_is_a_signed_jwt",
        ),
        _held(
            "It expires after 30 days.",
            "EG",
            "auth:a_session_token_expires_and_a_new_sign_in_works",
        ),
        _left("It also ends when its user signs out.", "EG", "No address for signing out is known."),
        _held("A permanent token never expires.", "AT", "auth:a_permanent_token_never_expires"),
        _held(
            "A permanent token may be limited to groups.",
            "AT",
            "accounts:token_may_be_limited_to_groups_that_are_named",
            "world/sight:token_for_a_group_sees_its_people_their_sessions_and_its_content",
        ),
        _left(
            "A permanent token is made and deleted in the CMS.",
            "AT",
            "There is no CMS: the settings name tokens.",
        ),
        _left(
            "The CMS's cookie and an analyst's API key serve as tokens too.",
            "EG",
            "There is no CMS to get them from.",
        ),
        _held(
            "Roles decide who may read and write what.",
            "HC",
            "world/rights:role_decides_what_is_read_and_written",
            "routes:one_query_is_answered_by_the_rights_of_whoever_asks",
        ),
        _held(
            "A refused document has data null and errors with message and locations.",
            "EG",
            "graphql/errors:a_refused_request_has_null_data_before_its_errors",
            "graphql/errors:an_error_has_the_keys_of_the_vendor_and_no_others",
        ),
        _held(
            "Its words are those of an older graphql-ruby.",
            "EG",
            "graphql/wording:a_refused_document_reads_as_the_vendor_words_it",
        ),
        _held(
            "What may not be read is null with an error, and is left out of connections.",
            "EG",
            "routes:one_query_is_answered_by_the_rights_of_whoever_asks",
        ),
        _held(
            "An unexpected error bears a code to quote to the support.",
            "EG",
            "graphql/errors:an_unexpected_error_is_logged_and_answered_with_its_reference",
        ),
        _held(
            "An unknown id: nothing is known.",
            "EG",
            "graphql/schema:an_unknown_node_is_null_without_an_error",
            "graphql/schema:an_unknown_node_is_an_error_when_the_setting_says_so",
        ),
        _held(
            "A refused token is answered with 401.",
            "DEMO",
            "routes:without_a_good_token_it_is_401_everywhere",
            "acceptance:after_a_401_a_new_sign_in_works",
        ),
        _held(
            "A sample declares a String for an ID.",
            "EG",
            "graphql/wording:a_string_variable_may_stand_where_an_id_is_expected",
        ),
        _held(
            "The documents want first or last on each connection, of at most 100, and 500,000 nodes in a request; no client keeps to it.",
            "IG",
            "graphql/strict:a_connection_without_its_bounds_is_named_with_its_path",
            "graphql/strict:the_example_of_the_vendors_arithmetic_is_counted_so",
            "routes:the_documented_limits_of_connections_hold_where_the_setting_says_so",
            but="Only with --strict-limits: neither the vendor's samples nor its clients would pass.",
        ),
        _held(
            "Clients leave first out, or ask for 300.",
            "SHEETS",
            "graphql/execute:the_samples_on_sessions_and_events_answer_without_first",
            "graphql/schema:every_connection_takes_the_arguments_of_its_kind_and_requires_none",
        ),
        _left(
            "A rate limit is hinted at, without numbers.", "IG", "None, unless a fault of the API plays one."
        ),
        _held(
            "A connection has edges, nodes, totalCount and pageInfo, and takes first, last, after and before.",
            "IG",
            "graphql/schema:every_connection_has_edges_nodes_count_and_place",
            "graphql/connections:a_page_shows_what_its_arguments_say",
        ),
        _held(
            "after without first works, and a cursor is safe inside a quoted text.",
            "SHEETS",
            "graphql/connections:a_reader_of_pages_misses_nothing_while_records_are_added_and_removed",
            "graphql/connections:a_cursor_names_its_record_and_is_safe_inside_quotes",
        ),
        _left("A page names a parameter AfterIndex.", "RA", "Taken for after."),
        _held(
            "orderBy takes an attribute and a direction, seen on the parts of a session.",
            "SD",
            "graphql/filters:the_latest_part_tells_who_works_now",
            "graphql/filters:an_order_that_is_not_known_is_told_with_its_path",
        ),
    ),
    "GraphQL: the schema": (
        _held(
            "viewer, node, organization, users, scenarioSessions, scenarioSessionEvents and calls stand at the root.",
            "SD",
            "graphql/schema:the_roots_lead_to_the_viewer_and_the_organisation",
            "graphql/schema:the_rows_of_the_whole_organisation_can_be_asked_for",
        ),
        _held(
            "viewer leads to organization and to currentOrganization.",
            "UQ",
            "graphql/schema:relations_lead_to_the_records_of_the_tables",
            "graphql/execute:the_queries_of_the_document_answer",
        ),
        _held(
            "users and members can be searched with fullText; a sample asks the list for errors.",
            "UQ",
            "graphql/schema:users_are_found_by_the_words_of_their_names_and_addresses",
        ),
        _held(
            "scenarioSessionEvents are found by valueTypes and scenarioSessionId.",
            "RA",
            "graphql/schema:events_are_found_by_type_and_session",
        ),
        _left(
            "Events can be found by a step of a session too, in a way that is not visible.",
            "RA",
            "Ask the step's session, and compare.",
        ),
        _held(
            "A scenarioSessionId may be the number of a session.",
            "EXPR",
            "graphql/execute:a_database_id_is_told_as_the_node_id_of_its_record",
            "graphql/schema:events_are_found_by_type_and_session",
        ),
        _held(
            "User, License, Group, Organization, Scenario, ScenarioRelease, ScenarioSequence, ScenarioStep, ScenarioSession with its "
            "parts, steps and events, Attachment, ScenarioCatalog, Call, WebhookTopic and WebhookSubscription are types.",
            "SD",
            "graphql/schema:the_sdl_has_exactly_the_fields_of_the_tables",
            "world/graph:every_kind_has_its_record_attributes_and_relations",
        ),
        _held(
            "The fields of the samples, such as percentOfStepsViewed, idleDuration and completedSteps, are there.",
            "SD",
            "graphql/execute:the_long_sample_of_the_vendor_answers_with_the_external_data_unchanged",
            "graphql/execute:the_samples_on_sessions_and_events_answer_without_first",
        ),
        _left(
            "Older samples write finishedAt, origin_group and published_at.",
            "SD",
            "The newer names alone: endedAt, originGroup, publishedAt.",
        ),
        _held(
            "licences are spelt with c, and have product and state.",
            "IG",
            "graphql/schema:relations_lead_to_the_records_of_the_tables",
            "world/making:people_groups_licences_and_scenarios_are_made_and_changed",
        ),
        _held(
            "The first group is named Default.",
            "GN",
            "graphql/mutations:a_user_is_made_with_licences_and_groups",
        ),
        _held(
            "A part of a session has who worked, when and how long; the latest tells who works now.",
            "SD",
            "graphql/filters:the_latest_part_tells_who_works_now",
            "world/session_verbs:a_session_runs_from_start_through_a_pause_to_its_end",
        ),
        _held(
            "eventData may be an object or a text, and holds user_name.",
            "EXPR",
            "world/session_verbs:what_was_recorded_fits_the_type_and_the_step_unless_it_is_given",
            but="It is always an object here, unless a script gives a text.",
        ),
        _held(
            "A photo has a fileUrl that a third party can fetch without a token, and that expires.",
            "EXPR",
            "routes:a_photo_is_fetched_without_a_token",
            "world/files:an_address_expires_on_the_simulators_clock_and_another_can_be_read",
        ),
        _held(
            "Older samples have attachments with fileURL, fileURLExpiresAt, fileFingerprint and more.",
            "SD",
            "world/files:a_photo_tells_its_file",
        ),
        _held(
            "createdAt is the device's time, receivedAt the server's.",
            "RA",
            "world/session_verbs:a_recording_belongs_to_the_step_viewed_last_and_bears_both_times",
        ),
        _held(
            "ScenarioCatalog leads from an asset of the customer's to scenarios.",
            "OC",
            "graphql/filters:a_catalog_is_found_by_the_asset_and_leads_to_scenarios",
            "graphql/filters:a_scenario_knows_the_catalogs_that_lead_to_it",
        ),
        _held(
            "Call has external data; its other fields are not known.",
            "XD",
            "graphql/filters:every_connection_of_things_with_external_data_can_be_filtered",
            "world/call_verbs:a_call_has_its_caller_and_those_named_and_ends_with_the_last",
        ),
        _held(
            "Alphanumeric is the value that external data is looked up by.",
            "XD",
            "graphql/filters:an_alphanumeric_is_a_string_or_a_number",
        ),
        _held(
            "Only PHOTO, VIEWER and DESC are seen of the enums.",
            "RA",
            "graphql/schema:an_enum_has_the_values_that_the_world_uses",
            "settings/enums:a_value_is_respelt_in_every_enum_that_has_it_or_in_one",
        ),
        _held(
            "The product's licences are Company Administrator, Viewer, Author, Analyst, Guest, Tech, Tech+ and Expert; Author and "
            "Viewer exclude each other.",
            'HC "CMS: Licensing and License Management"',
            "graphql/mutations:a_user_who_cannot_be_made_is_told_inside_the_data",
            "world/fakes:a_role_has_titles_and_licences_that_go_together",
        ),
        _held(
            "createUser takes user, credentials, requestedLicenses, requestedGroups in capitals and requestedOriginGroup.",
            "UQ",
            "graphql/mutations:a_user_is_made_with_licences_and_groups",
            "graphql/mutations:a_user_who_cannot_be_made_is_told_inside_the_data",
        ),
        _held(
            "updateUser takes an id and what is to change.",
            "UQ",
            "graphql/mutations:a_user_is_changed_and_what_is_left_out_stays",
        ),
        _held(
            "A user can be deleted; how is not visible.",
            "UQ",
            "graphql/mutations:a_user_is_deleted_but_not_the_account_that_asks",
        ),
        _held(
            "The vendor's samples answer as they are printed.",
            "SD",
            "graphql/execute:the_queries_of_the_document_answer",
            "graphql/execute:the_long_sample_of_the_vendor_answers_with_the_external_data_unchanged",
            "graphql/filters:the_vendors_sample_finds_sessions_by_external_data",
            "acceptance:both_queries_of_the_vendors_page_and_the_resource_url_answer_for_a_webhook",
        ),
        _held("Introspection is open.", "IG", "graphql/execute:introspection_tells_the_whole_sdl"),
        _left(
            "The API called itself a preview, and a header names the server's release.",
            "IG",
            "Nothing is withdrawn here, and x-scopear-cms-version is not sent.",
        ),
        _left(
            "An organisation may replace origin groups by folders.",
            'HC "CMS: Enabling & Migrating to Folders"',
            "Its effect on the API is not known.",
        ),
    ),
    "Global node ids": (
        _held(
            "One takes the id of a webhook and asks node(id:) with a fragment on its type.",
            "GN",
            "graphql/schema:a_node_is_found_by_its_id_and_knows_its_type",
        ),
        _held(
            "An id has 44 or 64 characters, URL-safe base64 with its padding.",
            "GN",
            "world/ids:organization_and_first_group_have_short_ids_all_others_long_ones",
        ),
        _held("Some page writes one in the standard alphabet.", "UW", "rest:an_id_may_be_written_in_any_way"),
        _held(
            "The same record has the same id for ever.",
            "GN",
            "world/ids:ids_depend_on_the_seed_and_on_nothing_else",
            "world/ids:every_id_leads_back_to_its_record",
        ),
        _left(
            "Ids of one type share their last 32 bytes.",
            "GN",
            "They are opaque to clients, and so they are here.",
        ),
        _held(
            "databaseId is the number as a text, and stands in REST paths.",
            "GN",
            "rest:a_session_is_started_by_who_asks_for_the_release_in_the_path",
        ),
    ),
    "REST": (
        _held(
            "Signing in takes a form or JSON and gives auth_token beside id, name, email, username, permalink and guest.",
            "EG",
            "routes:signing_in_works_with_json_and_with_a_form_and_needs_no_token",
            "rest:signing_in_gives_a_token_and_who_it_is",
        ),
        _held("How a refused sign-in looks is not known.", "EG", "routes:a_wrong_password_is_401"),
        _held(
            "A session is begun by POST to the release's work_instruction_sessions, with external_data, and answered with exactly 200.",
            "DEMO",
            "routes:a_session_is_started_with_exactly_200",
            "rest:a_session_keeps_its_external_data_unchanged",
        ),
        _held(
            "The new session tells its create webhook, and GraphQL gives the external data back.",
            "DEMO",
            "acceptance:the_vendors_own_client_gets_its_external_data_back_unchanged",
        ),
        _held(
            "The object endpoint answers first-level attributes as JSON.",
            "UW",
            "rest:an_object_is_told_by_its_first_level_attributes",
            "rest:an_unknown_object_is_not_found",
        ),
        _left(
            "REST v2 has numerous other endpoints.",
            "EG",
            "None is documented; an unknown path names those that there are.",
        ),
        _held(
            "Answers bear x-request-id and x-runtime.",
            "DEMO",
            "server/middleware:every_answer_is_marked_as_the_vendor_marks_its_own",
            but="etag, cache-control, vary and the headers against framing and sniffing.",
        ),
    ),
    "Deeplinks, external data, life cycles": (
        _left(
            "worklink:// links open catalogs, contacts, users and scenarios in the app, also by way of getworklink.com.",
            "DL",
            "There is no app: begin the session with external data instead.",
        ),
        _left(
            "Other parameters of a link become external data.",
            "DL",
            "Give externalData when a session is created.",
        ),
        _held(
            "Catalogs bear an external asset id, any text.",
            "OC",
            "graphql/filters:a_catalog_is_found_by_the_asset_and_leads_to_scenarios",
            "world/publishing:a_catalog_is_made_changed_and_deleted",
        ),
        _held(
            "Calls, sessions, steps and parts of sessions bear external data.",
            "XD",
            "graphql/filters:every_connection_of_things_with_external_data_can_be_filtered",
        ),
        _held(
            "MATCH finds a key with one value, CONTAINS one of several.",
            "XD",
            "world/marks:external_data_fits_by_key_and_value",
            "graphql/filters:the_vendors_sample_finds_sessions_by_external_data",
        ),
        _held("Nested JSON is kept.", "DEMO", "rest:a_session_keeps_its_external_data_unchanged"),
        _held(
            "A work order leads to a session, its webhooks to a query, and the result to the system of record.",
            "OC",
            "examples/receiver:session_becomes_a_work_order_that_is_closed_at_the_end",
        ),
        _held(
            "A persistent session can be left and gone on with, also by somebody else; a passive one ends when it is left.",
            'HC "What are WorkLink Projects Session Types"',
            "world/states:a_move_is_legal_exactly_where_the_vendors_rules_allow_it",
            "world/session_verbs:leaving_a_session_ends_or_pauses_it_by_its_type",
        ),
        _held(
            "A demo session has no steps to follow.",
            'HC "What are WorkLink Projects Session Types"',
            "world/states:a_move_is_legal_exactly_where_the_vendors_rules_allow_it",
        ),
        _left(
            "The product's own default is a passive session.",
            'HC "What are WorkLink Projects Session Types"',
            "Here it is a persistent one, so that every verb is legal; give sessionType for another.",
        ),
        _held(
            "Each stretch of work is a part; steps viewed, duration and idle time grow, and endedAt is empty until the end.",
            "SD",
            "world/session_verbs:figures_grow_while_a_session_goes_on",
            "world/session_verbs:viewing_marks_steps_in_order_and_tells_of_each",
        ),
        _held(
            "Devices may be offline and hand in later.",
            "RA",
            "world/session_verbs:an_offline_device_hands_in_recordings_after_the_end_but_not_from_after_it",
        ),
        _held(
            "A call's webhook may come only when its data reaches the CMS, at or after its end.",
            "OC",
            "webhooks/payloads:each_change_tells_its_words_in_order",
            but="A call is told of when it is created too, as the first generation has it.",
        ),
        _left("Users have call ids for external contact lists.", "OC", "Nothing of them is known."),
    ),
}
"""All that is known, by subject."""


def place(test: str) -> tuple[str, str]:
    """Return the file and the function of a test that is named shortly."""
    where, _, behaviour = test.partition(":")
    folder, _, module = where.rpartition("/")
    return "/".join(filter(None, ("tests", folder, f"test_{module}.py"))), f"test_{behaviour}"


def facts() -> str:
    """Return the section on what is known, for ``docs/fidelity.md``."""
    parts = [
        f"### {subject}\n\n" + table(["known", "source", "here"], map(_row, known))
        for subject, known in FACTS.items()
    ]
    return INTRODUCTION + "\n" + "\n".join(parts)


INTRODUCTION = """\
## What is known, and what holds it

Everything that is publicly known of the vendor's platform, in our words. The last column names the tests that hold the
simulator to it, or says what is not imitated.
"""


def _row(fact: Fact) -> tuple[str, str, str]:
    held = "; ".join(_linked(test) for test in fact.tests)
    left = f"{'Not imitated: ' if fact.tests else '**Not imitated.** '}{fact.left}" if fact.left else ""
    return fact.known, fact.source, ". ".join(filter(None, (held, left)))


def _linked(test: str) -> str:
    file, name = place(test)
    return f"[{name.removeprefix('test_').replace('_', ' ')}](../{file})"
