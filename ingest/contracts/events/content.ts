import { Type } from "typebox";
import { defineContract } from "../contract.ts";
import { count, customerId, id, money, personal, sku, text, timestamp } from "../fields.ts";

export const productUpserted = defineContract({
  type: "ProductUpserted",
  owner: "product",
  description: "A product was added to the catalogue or changed; the event holds its whole state.",
  data: {
    sku,
    name: text("Name in the shop.", 300),
    description: Type.Optional(text("Text in the shop.", 5000)),
    category: Type.Optional(text("Category.", 200)),
    price: money("Price of one unit."),
    updatedAt: timestamp("When it was changed."),
  },
});

export const reviewSubmitted = defineContract({
  type: "ReviewSubmitted",
  owner: "review",
  description: "A customer reviewed a product.",
  data: {
    reviewId: id("Review."),
    sku,
    customerId,
    rating: Type.Integer({ minimum: 1, maximum: 5, description: "Stars." }),
    title: Type.Optional(personal("text", "Title.", 300)),
    body: Type.Optional(personal("text", "Text.", 5000)),
    submittedAt: timestamp("When it was submitted."),
  },
});

export const postPublished = defineContract({
  type: "PostPublished",
  owner: "blog",
  description: "A post of the blog went public or was published again.",
  data: {
    postId: id("Post."),
    slug: text("Last part of its address.", 200),
    title: text("Title.", 300),
    revision: Type.Optional(count("Counts the times it was published.")),
    publishedAt: timestamp("When it went public."),
  },
});
