// SPDX-License-Identifier: GPL-2.0
/*
 * The mappings of a file by the pages they cover: a search tree over the first
 * page, without the balancing of the real one.
 */
#include <linux/mm.h>

static unsigned long vma_start_pgoff(struct vm_area_struct *v)
{
	return v->vm_pgoff;
}

static unsigned long vma_last_pgoff(struct vm_area_struct *v)
{
	return v->vm_pgoff + vma_pages(v) - 1;
}

static struct vm_area_struct *vma_of(struct rb_node *node)
{
	return container_of(node, struct vm_area_struct, shared.rb);
}

static struct rb_node *rb_parent(const struct rb_node *node)
{
	return (struct rb_node *)node->__rb_parent_color;
}

void vma_interval_tree_insert(struct vm_area_struct *node, struct rb_root_cached *root)
{
	struct rb_node **link = &root->rb_root.rb_node;
	struct rb_node *parent = NULL;
	bool leftmost = true;

	while (*link) {
		parent = *link;
		if (vma_start_pgoff(node) < vma_start_pgoff(vma_of(parent))) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	node->shared.rb.__rb_parent_color = (unsigned long)parent;
	node->shared.rb.rb_left = NULL;
	node->shared.rb.rb_right = NULL;
	node->shared.rb_subtree_last = vma_last_pgoff(node);
	*link = &node->shared.rb;
	if (leftmost)
		root->rb_leftmost = &node->shared.rb;
}

/* The node behind this one in order of the first page. */
static struct rb_node *rb_next(struct rb_node *node)
{
	if (node->rb_right) {
		node = node->rb_right;
		while (node->rb_left)
			node = node->rb_left;
		return node;
	}
	while (rb_parent(node) && node == rb_parent(node)->rb_right)
		node = rb_parent(node);
	return rb_parent(node);
}

/* Lets the parent of old, or the root, point to new. */
static void rb_replace(struct rb_node *old, struct rb_node *new, struct rb_root_cached *root)
{
	struct rb_node *parent = rb_parent(old);

	if (!parent)
		root->rb_root.rb_node = new;
	else if (parent->rb_left == old)
		parent->rb_left = new;
	else
		parent->rb_right = new;
	if (new)
		new->__rb_parent_color = (unsigned long)parent;
}

void vma_interval_tree_remove(struct vm_area_struct *node, struct rb_root_cached *root)
{
	struct rb_node *rb = &node->shared.rb;
	struct rb_node *next = rb_next(rb);

	if (root->rb_leftmost == rb)
		root->rb_leftmost = next;
	if (rb->rb_left && rb->rb_right) {
		/* The successor has no left child: it moves out of its place and takes this one. */
		rb_replace(next, next->rb_right, root);
		next->rb_left = rb->rb_left;
		next->rb_right = rb->rb_right;
		next->rb_left->__rb_parent_color = (unsigned long)next;
		if (next->rb_right)
			next->rb_right->__rb_parent_color = (unsigned long)next;
		rb_replace(rb, next, root);
	} else {
		rb_replace(rb, rb->rb_left ? rb->rb_left : rb->rb_right, root);
	}
}

static struct vm_area_struct *first_overlap(struct rb_node *node, unsigned long start,
					    unsigned long last)
{
	for (; node; node = rb_next(node)) {
		struct vm_area_struct *vma = vma_of(node);

		if (vma_start_pgoff(vma) > last)
			return NULL;
		if (vma_last_pgoff(vma) >= start)
			return vma;
	}
	return NULL;
}

struct vm_area_struct *vma_interval_tree_iter_first(struct rb_root_cached *root,
						    unsigned long start, unsigned long last)
{
	return first_overlap(root->rb_leftmost, start, last);
}

struct vm_area_struct *vma_interval_tree_iter_next(struct vm_area_struct *node,
						   unsigned long start, unsigned long last)
{
	return first_overlap(rb_next(&node->shared.rb), start, last);
}
